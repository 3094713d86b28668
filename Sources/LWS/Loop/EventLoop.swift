import CLibev

/// libev's loop, which this server runs, with libwebsockets as its guest. Being the host spares most of what a small
/// write and an answer cost beside the kernel's own price: timers, sockets and the moment before the loop sleeps are looked
/// after without a detour through libwebsockets, which takes a further look at all of its sockets after each event.
final class EventLoop {
  /// libev's.
  let handle: OpaquePointer
  private let preparation = UnsafeMutablePointer<ev_prepare>.allocate(capacity: 1)
  /// Called each time before the loop waits.
  var beforeSleep: () -> Void = {}

  /// - Returns: nil where libev finds nothing to wait with.
  init?() {
    guard let handle = clev_new() else { return nil }
    self.handle = handle
    preparation.initialize(to: ev_prepare())
    // Stopped in `deinit`, so the loop is there whenever it is called.
    clev_start_preparing(
      handle, preparation,
      { _, watcher, _ in
        let loop = Unmanaged<EventLoop>.fromOpaque(watcher!.pointee.data).takeUnretainedValue()
        withExtendedLifetime(loop) { loop.beforeSleep() }
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    ev_prepare_stop(handle, preparation)
    ev_loop_destroy(handle)
    preparation.deallocate()
  }

  func run() {
    clev_run(handle)
  }

  /// `run` returns after what is under way.
  func stop() {
    clev_stop(handle)
  }
}

/// Waits for a descriptor to be readable, level-triggered; subclasses say what follows.
class DescriptorWatch {
  let descriptor: CInt
  private let eventLoop: EventLoop
  private let watcher = UnsafeMutablePointer<ev_io>.allocate(capacity: 1)
  private(set) var isWatching = false

  init(_ descriptor: CInt, on eventLoop: EventLoop) {
    self.descriptor = descriptor
    self.eventLoop = eventLoop
    watcher.initialize(to: ev_io())
    // Stopped in `deinit`, so this object is there whenever it is called; what it does then may let go of it.
    clev_set_up_reading(
      watcher, descriptor,
      { _, watcher, _ in
        let watch = Unmanaged<DescriptorWatch>.fromOpaque(watcher!.pointee.data).retain()
        watch.takeUnretainedValue().descriptorIsReady()
        watch.release()
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    stopWatching()
    watcher.deallocate()
  }

  final func watch() {
    guard !isWatching else { return }
    isWatching = true
    ev_io_start(eventLoop.handle, watcher)
  }

  /// To be called before the descriptor is closed. An event that was already under way does not come.
  final func stopWatching() {
    guard isWatching else { return }
    isWatching = false
    ev_io_stop(eventLoop.handle, watcher)
  }

  /// It is readable, its peer has ended, or it has failed.
  func descriptorIsReady() {}
}

/// A watch whose deed is a closure.
final class DescriptorAction: DescriptorWatch {
  private let action: () -> Void

  init(_ descriptor: CInt, on eventLoop: EventLoop, _ action: @escaping () -> Void) {
    self.action = action
    super.init(descriptor, on: eventLoop)
    watch()
  }

  override func descriptorIsReady() {
    action()
  }
}
