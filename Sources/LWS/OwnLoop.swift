import CLibev
import MonotonicTime

/// libev's loop, run by this server with libwebsockets as its guest. Being the host spares most of what a token and
/// a poll cost beside the kernel's own price:
/// - the alarm wakes this server without a detour through libwebsockets, which takes a further look at all of its
///   sockets after each of its descriptors' events;
/// - there is a moment before the loop sleeps, at which libwebsockets can be told that it may go on with a
///   connection, before it asks the kernel for that (`BeforeSleep`);
/// - a held response's reader can be watched by joining libwebsockets' own watch, without a word to the kernel.
final class OwnLoop {
  /// libev's.
  let handle: OpaquePointer
  private let alarm = UnsafeMutablePointer<ev_io>.allocate(capacity: 1)
  private let preparation = UnsafeMutablePointer<ev_prepare>.allocate(capacity: 1)

  /// - Returns: nil where libev finds nothing to wait with.
  init?() {
    guard let handle = clev_new() else { return nil }
    self.handle = handle
    alarm.initialize(to: ev_io())
    preparation.initialize(to: ev_prepare())
  }

  /// - Parameters:
  ///   - loop: outlives this, and owns it.
  ///   - alarm: the descriptor that is readable when the loop's timers are due.
  func begin(for loop: Loop, alarm descriptor: CInt) {
    let owner = Unmanaged.passUnretained(loop).toOpaque()
    clev_start_reading(
      handle, alarm, descriptor, false,
      { _, watcher, _ in OwnLoop.owner(watcher!.pointee.data).alarmRang() }, owner)
    clev_start_preparing(
      handle, preparation, { _, watcher, _ in OwnLoop.owner(watcher!.pointee.data).sayBeforeSleep() }, owner)
  }

  private static func owner(_ data: UnsafeMutableRawPointer) -> Loop {
    Unmanaged<Loop>.fromOpaque(data).takeUnretainedValue()
  }

  func run() {
    clev_run(handle)
  }

  /// `run` returns after what is under way.
  func stop() {
    clev_stop(handle)
  }

  /// Lets libwebsockets look after its timeouts and what it has buffered, as after any event of its own.
  /// - Parameter descriptor: one that it waits for, and whose readiness means nothing.
  func nudge(_ descriptor: CInt) {
    clev_act_as_if_readable(handle, descriptor)
  }

  /// To be called once libwebsockets has let go of it.
  func end() {
    ev_io_stop(handle, alarm)
    ev_prepare_stop(handle, preparation)
    ev_loop_destroy(handle)
    alarm.deallocate()
    preparation.deallocate()
  }
}

/// Watches a socket that libwebsockets watches too, for bytes or the peer's departure.
final class JoinedWatch {
  private let loop: OwnLoop
  private let watcher = UnsafeMutablePointer<ev_io>.allocate(capacity: 1)
  private unowned let session: Session

  /// - Parameter session: told of either; owns this.
  init(_ loop: OwnLoop, _ descriptor: CInt, _ session: Session) {
    self.loop = loop
    self.session = session
    clev_start_reading(
      loop.handle, watcher, descriptor, true,
      { _, watcher, _ in
        let watch = Unmanaged<JoinedWatch>.fromOpaque(watcher!.pointee.data).takeUnretainedValue()
        watch.session.loop.readClock()
        watch.session.peerStirred()
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    ev_io_stop(loop.handle, watcher)
    watcher.deallocate()
  }
}
