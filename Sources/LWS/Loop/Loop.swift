import Budgets
import CLibwebsockets
import Foundation
import Glibc
import MessageCompression
import MonotonicTime
import OpenDescriptors

/// The inside face of a server: everything here lives and dies on the loop's thread. Not `Sendable`, so the
/// compiler keeps it there.
public final class Loop {
  var service: (any Service)?
  let serviceFieldNames: [String]
  /// The clock, read once for each event: everything that follows from one event has one time.
  public private(set) var now = Instant.now
  /// Connections that peers have open now, idle ones included; those that were told their last word are left out.
  public var openConnections: Int { peers.count - toldLastWord }
  /// Bytes of bodies, WebSocket messages and large answers of all connections that are on their way.
  public var pendingBytes: Int { pending.count }
  /// Sessions of WebSockets that are open.
  var webSockets: [ObjectIdentifier: Session] = [:]
  /// Connections that only wait for their peers to have read it. They count for the limits.
  var toldLastWord = 0
  let limits: ConnectionLimits
  var peers: Peers
  /// How many connections there are descriptors for.
  let mostConnections: Int
  let pending: Budget
  /// HTTP connections, by descriptor: each is kept here until its descriptor is closed.
  var connections: [Connection?] = []
  let beforeSleep = BeforeSleep()
  /// The handshake that libwebsockets is reading.
  var arriving: ArrivingWebSocket?
  /// WebSockets whose messages are compressed.
  var compressedWebSockets = 0
  /// Where what peers send is read, one at a time.
  let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Loop.readBytes, alignment: 16)

  let eventLoop: EventLoop
  private(set) var context: Context?
  private(set) lazy var hangUps = HangUps(on: eventLoop) { [unowned self] in
    connection($0)?.didHangUp()
  }
  private let stop: Signal
  private var stopping: DescriptorAction?
  private var attended: [DescriptorAction] = []
  private var door: Door?
  private lazy var alarm = Alarm(on: eventLoop) { [unowned self] in callDue() }
  private(set) lazy var reminder = Timer { [unowned self] now in remindOfTimeouts(now) }
  private var lingering: [ObjectIdentifier: Lingering] = [:]
  private var due = DueQueue()
  private var alarmAt: Instant?
  /// Nothing is called before it: what falls due meanwhile is called together.
  private var restsUntil = Instant(nanoseconds: 0)
  /// What they set meanwhile is armed once, behind the last of them.
  private var isCallingDue = false
  private var date: (second: Int, text: String) = (0, "")

  /// How much is read at a time. What comes behind a request that is being answered waits in the kernel, but for
  /// what came in one read with it.
  static let readBytes = 16_384

  /// - Throws: `.contextRefused` where there is no event loop to be had.
  init(stop: Signal, serviceFieldNames: [String], _ configuration: ServerConfiguration)
    throws(ServerError)
  {
    let most = try Descriptors.makeRoom(for: configuration.limits.connections)
    guard let eventLoop = EventLoop() else { throw .contextRefused(detail: "") }
    self.eventLoop = eventLoop
    self.stop = stop
    limits = configuration.limits
    peers = Peers(limits: limits, most: most)
    mostConnections = most
    pending = Budget(limit: limits.pendingBytes)
    self.serviceFieldNames = serviceFieldNames
    eventLoop.beforeSleep = { [unowned self] in sayBeforeSleep() }
  }

  deinit {
    readBuffer.deallocate()
  }

  /// Between two looks at what is due. Where they are dense, some fall due together and share a wake-up, which costs
  /// several times what sending one does; where they are not, none is later for it. It is the slack that Linux takes
  /// for any process that sleeps (`prctl(2)`, PR_SET_TIMERSLACK).
  static let timerGrain = Duration.microseconds(50)

  /// Calls it at that instant; what is set already is moved.
  public func set(_ action: any DueAction, at instant: Instant) {
    due.set(action, due: instant)
    if !isCallingDue, alarmAt.map({ max(instant, restsUntil) < $0 }) ?? true { arm() }
  }

  /// Takes that back; harmless if it is not set.
  public func cancel(_ action: any DueAction) {
    due.remove(action)
  }

  /// Calls the action behind each time that the signal was given, for as long as the loop runs.
  public func attend(_ signal: Signal, _ action: @escaping () -> Void) {
    attended.append(
      DescriptorAction(signal.descriptor, on: eventLoop) { [unowned self] in
        // Before the action, so that what is given meanwhile is seen.
        signal.clear()
        readClock()
        action()
      })
  }

  /// The value for the `date` field (RFC 9110, section 6.6.1), made once a second.
  func httpDate() -> String {
    let second = time(nil)
    if second != date.second { date = (second, Self.httpDate(second)) }
    return date.text
  }

  func readClock() {
    now = .now
  }

  private func callDue() {
    readClock()
    isCallingDue = true
    while let action = due.takeDue(at: now) {
      action.comeDue(at: now)
      due.didCall(action)
    }
    isCallingDue = false
    restsUntil = Instant.now.advanced(by: Self.timerGrain)
    arm()
  }

  private func arm() {
    alarmAt = due.next.map { max($0, restsUntil) }
    alarm.set(to: alarmAt)
  }

  private static func httpDate(_ second: Int) -> String {
    var second = second
    var parts = tm()
    gmtime_r(&second, &parts)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      strftime(buffer.baseAddress!, 32, "%a, %d %b %Y %H:%M:%S GMT", &parts)
      return String(cString: buffer.baseAddress!)
    }
  }

  /// Starts to listen and creates the context.
  /// - Returns: the port, which the kernel chose where the configuration says 0.
  func open(_ configuration: ServerConfiguration) throws(ServerError) -> Int {
    let socket = try ListeningSocket(configuration)
    // Their descriptors are there before connections take all that are left.
    _ = (alarm, hangUps)
    do throws(ServerError) {
      context = try Context(configuration.name, for: self, on: eventLoop)
    } catch {
      Glibc.close(socket.descriptor)
      throw error
    }
    stopping = DescriptorAction(stop.descriptor, on: eventLoop) { [eventLoop] in eventLoop.stop() }
    door = Door(socket, self)
    return socket.port
  }

  /// Serves until it is told to stop.
  func run() {
    eventLoop.run()
  }

  /// Closes every connection; each session hears of it before this returns.
  func close() {
    door = nil
    stopping = nil
    attended = []
    for connection in lingering.values { connection.end() }
    for connection in connections { connection?.endBeforeAdoption() }
    beforeSleep.dropOpened()
    for session in webSockets.values { session.goAway() }
    // Sessions that end look for it.
    let last = context
    context = nil
    last?.destroy()
  }
}

extension Loop {
  /// Whether another refused connection may be kept for its last word to be read.
  var takesLingering: Bool { lingering.count < Lingering.mostAtOnce }

  /// Closes a connection once its peer has had time to read what was sent to it.
  func linger(_ descriptor: CInt) {
    let connection = Lingering(descriptor, self)
    lingering[ObjectIdentifier(connection)] = connection
  }

  func didEnd(_ connection: Lingering) {
    lingering[ObjectIdentifier(connection)] = nil
  }

  func connection(_ descriptor: CInt) -> Connection? {
    connections.indices.contains(Int(descriptor)) ? connections[Int(descriptor)] : nil
  }

  func keep(_ connection: Connection) {
    let place = Int(connection.descriptor)
    while connections.count <= place { connections.append(nil) }
    connections[place] = connection
  }
}
