import CLibwebsockets
import Foundation
import MonotonicTime

/// The inside face of a server: everything here lives and dies on the loop's thread. Not `Sendable`, so the
/// compiler keeps it there.
public final class Loop {
  private(set) var context: OpaquePointer?
  var service: (any Service)?
  let serviceFieldNames: [FieldName]
  /// The clock, read once each time libwebsockets calls: everything that follows from one event has one time.
  public private(set) var now = Instant.now
  /// Connections that peers have open now, idle ones included.
  public var openConnections: Int { peers.count }
  let limits: ConnectionLimits
  var peers: Peers

  private let mailbox: Mailbox
  let events: KernelEvents
  private var door: Door?
  private var lingering: [ObjectIdentifier: Lingering] = [:]
  var idle = IdleConnections<OpaquePointer>()
  private(set) lazy var reminder = Timer { [unowned self] now in remindOfTimeouts(now) }
  private(set) lazy var idleTimer = Timer { [unowned self] now in closeIdle(now) }
  private var due = DueQueue()
  private var alarm: Instant?
  /// Nothing is called before it: what falls due meanwhile is called together.
  private var restsUntil = Instant(nanoseconds: 0)
  var beforeSleep = BeforeSleep()
  /// Where this server runs the loop itself.
  let own: OwnLoop?
  /// What they set meanwhile is armed once, behind the last of them.
  private var isCallingDue = false
  private var date: (second: Int, text: String) = (0, "")
  /// What libwebsockets had logged when that was last looked at.
  var linesSeen = 0

  init(mailbox: Mailbox, serviceFieldNames: [String], _ configuration: ServerConfiguration) {
    self.mailbox = mailbox
    limits = configuration.limits
    eventLoop = configuration.eventLoop
    own = eventLoop == .libev ? OwnLoop() : nil
    peers = Peers(limits: limits, most: Descriptors.raiseLimit(for: limits.connections))
    self.serviceFieldNames = serviceFieldNames.map(FieldName.init)
    events = KernelEvents(bell: mailbox.bell, holdsAlarm: own == nil)
  }

  /// Between two looks at what is due. Where tokens are dense, some fall due together and share a wake-up, which costs
  /// several times what sending one does; where they are not, none is later for it. It is the slack that Linux takes
  /// for any process that sleeps (`prctl(2)`, PR_SET_TIMERSLACK).
  static let timerGrain = Duration.microseconds(50)

  /// Calls it at that instant; what is set already is moved.
  public func set(_ action: any DueAction, at instant: Instant) {
    due.set(action, due: instant)
    if !isCallingDue, alarm.map({ max(instant, restsUntil) < $0 }) ?? true { arm() }
  }

  /// Takes that back; harmless if it is not set.
  public func cancel(_ action: any DueAction) {
    due.remove(action)
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

  /// The kernel woke the loop for the epoll set.
  func takeEvents() {
    let ready = events.takeReady()
    for watcher in ready.watchers { watcher.descriptorIsReady() }
    if ready.alarm { callDue() }
    // An event library does not leave its loop by itself; destroying the context from within makes it.
    if mailbox.isStopping {
      if let own {
        own.stop()
      } else if eventLoop == .libuv {
        lws_context_destroy(context)
      }
    }
  }

  /// The alarm has woken the loop past libwebsockets.
  func alarmRang() {
    readClock()
    callDue()
  }

  private func callDue() {
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
    alarm = due.next.map { max($0, restsUntil) }
    events.setAlarm(alarm)
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

  /// What libwebsockets waits with here.
  public let eventLoop: EventLoop

  /// Starts to listen and creates the context.
  /// - Returns: the port, which the kernel chose where the configuration says 0.
  func open(_ configuration: ServerConfiguration) throws(ServerError) -> Int {
    let socket = try ListeningSocket(configuration)
    context = configuration.withContextInfo(user: self) { lws_create_context($0) }
    guard let context, let vhost = lws_get_vhost_by_name(context, "default") else {
      throw .contextRefused(configuration.eventLoop, detail: LibraryLog.lastLine)
    }
    var descriptor = lws_sock_file_fd_type()
    descriptor.filefd = events.set
    guard lws_adopt_descriptor_vhost(vhost, LWS_ADOPT_RAW_FILE_DESC, descriptor, "lab", nil) != nil else {
      throw .contextRefused(configuration.eventLoop, detail: LibraryLog.lastLine)
    }
    own?.begin(for: self, alarm: events.alarm)
    door = Door(socket, self, vhost)
    return socket.port
  }

  /// Serves until the mailbox says stop.
  func run() {
    if let own { return own.run() }
    while !mailbox.isStopping, lws_service(context, 0) >= 0 {}
  }

  /// Closes every connection; each session hears of it before this returns.
  func close() {
    door?.close()
    for connection in lingering.values { connection.close() }
    lws_context_destroy(context)
    context = nil
    own?.end()
  }
}

extension Loop {
  /// Whether another connection may be kept for its last word to be read.
  var takesLingering: Bool { lingering.count < Lingering.mostAtOnce }

  /// Closes a connection once its peer has had time to read what was sent to it.
  func linger(_ descriptor: CInt) {
    let connection = Lingering(descriptor, self)
    lingering[ObjectIdentifier(connection)] = connection
    connection.begin()
  }

  /// The same for a connection whose descriptor libwebsockets is about to close, as far as there is room.
  func linger(behind descriptor: CInt) {
    // A copy keeps it in the epoll set under a number that somebody else is given next.
    events.remove(descriptor)
    guard takesLingering else { return }
    let copy = dup(descriptor)
    if copy >= 0 { linger(copy) }
  }

  func didEnd(_ connection: Lingering) {
    lingering[ObjectIdentifier(connection)] = nil
  }
}
