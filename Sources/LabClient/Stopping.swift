import Answers
import MonotonicTime
import NIOCore
import NIOHTTP1
import Wire

extension Journey {
  /// The reader has read enough.
  func stop(in conversation: Conversation) {
    guard reading.stopAsked == nil else { return }
    reading.stopAsked = .now
    switch plan.variant.stopping {
    case .delete:
      guard let stream else { return }
      let path = "/streams/\(stream.stream)"
      let head = HTTPRequestHead(.DELETE, path, plan.variant.heads, to: plan.server)
      let isSent = conversation.carrier.sendBeside(head) { self.delete(path) }
      if !isSent { delete(path) }
    case .close:
      conversation.leave()
      finish(.stopped, at: .now)
    case .message:
      conversation.socket?.stop()
    }
  }

  /// On a connection of its own.
  private func delete(_ path: String) {
    let journey = NIOLoopBound(self, eventLoop: loop)
    request(.DELETE, path, plan.variant.heads, from: plan.server, on: loop)
      .whenFailure { error in
        journey.value.fail(error as? ReadError ?? .unreachable("\(error)"))
      }
  }
}
