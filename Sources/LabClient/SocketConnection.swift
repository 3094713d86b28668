import NIOCore
import NIOWebSocket
import Wire

/// A connection that has changed to WebSocket: reads its messages until `done`, answers pings, and takes leave by
/// the closing handshake (RFC 6455, sections 5.5 and 7).
final class SocketConnection {
  private let channel: any Channel
  private var decoder: SocketDecoder
  /// The index of the token that is to come.
  private var next: Int
  /// The stream's end has come: the server closes.
  private var isAtEnd = false
  /// What the server says of a question that it refuses; the close frame behind it says what that means.
  private var refusal: String?
  /// A close frame was sent, after which nothing else may be.
  private var hasSaidClose = false
  /// The server's close frame came, or what it sends cannot be read.
  private var hasHeardEnd = false
  private var timer: Scheduled<Void>?
  /// What the last ping said, which nothing could be sent behind yet.
  private var owedPong: ByteBuffer?

  /// How long the server has for its close frame, and again for ending the connection behind it (RFC 6455,
  /// section 7.1.1).
  private static let patience = TimeAmount.seconds(1)

  init(_ channel: any Channel, next: Int, isCompressed: Bool) {
    self.channel = channel
    decoder = SocketDecoder(isCompressed: isCompressed)
    self.next = next
  }

  func received(_ bytes: UnsafeRawBufferPointer, in conversation: Conversation) {
    guard !hasHeardEnd else { return }
    var rest = bytes
    do {
      while let part = try decoder.next(&rest) { take(part, in: conversation) }
    } catch {
      hasHeardEnd = true
      sayClose(error.closeCode)
      end(conversation, .malformed(error.description))
    }
  }

  private func take(_ part: SocketDecoder.Part, in conversation: Conversation) {
    switch part {
    case .text:
      if !conversation.isOver { takeMessage(in: conversation) }
    case .ping(let payload):
      answerPing(ByteBuffer(bytes: payload))
    case .pong:
      break
    case .close(let code):
      hasHeardEnd = true
      sayClose(code)
      end(conversation, .closed(code: code, words: refusal))
    }
  }

  /// A server that reads none of the answers gets that to its last ping alone (RFC 6455, section 5.5.3).
  private func answerPing(_ payload: ByteBuffer) {
    guard !hasSaidClose else { return }
    if channel.isWritable { send(.pong, payload) } else { owedPong = payload }
  }

  func becameWritable() {
    if channel.isWritable, let payload = owedPong.take() { answerPing(payload) }
  }

  private func takeMessage(in conversation: Conversation) {
    if conversation.takesAsNext(decoder.message, wanted: next, saved: decoder.savedBytes) {
      next += 1
      return
    }
    switch try? StreamMessage(json: decoder.message) {
    case .token(let payload):
      conversation.took(payload, saved: decoder.savedBytes)
      next = payload.index + 1
    case .started(let stream) where conversation.journey.asksInStream:
      do {
        try conversation.journey.isAnswered(with: stream, at: conversation.carrier.readAt)
      } catch {
        sayClose(1008)
        conversation.fail(error)
      }
    case .error(let words) where conversation.journey.asksInStream:
      refusal = words
    case .done(let done):
      isAtEnd = true
      conversation.finish(done)
    default:
      sayClose(1008)
      conversation.fail(.malformed("a message that is neither a token nor done"))
    }
  }

  /// Asks on the socket itself, with its first message.
  func ask(in conversation: Conversation) {
    let question = conversation.journey.question
    conversation.journey.reading.up.payload += question.count
    send(.text, ByteBuffer(bytes: question))
  }

  /// The reader has read enough.
  func stop() {
    send(.text, ByteBuffer(bytes: Stop().json))
  }

  private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
    let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
    channel.writeAndFlush(frame, promise: nil)
  }

  /// - Parameter code: nil says none.
  private func sayClose(_ code: Int?) {
    guard !hasSaidClose else { return }
    hasSaidClose = true
    var data = ByteBuffer()
    if let code { data.writeInteger(UInt16(code)) }
    send(.connectionClose, data)
  }
}

extension SocketConnection {
  /// The conversation reads no more. Behind the stream's end the server closes and is answered; else the reader is
  /// who goes away.
  func takeLeave(of conversation: Conversation) {
    guard channel.isActive else { return conversation.release() }
    if hasHeardEnd { return endConnection(conversation) }
    if !isAtEnd { sayClose(1001) }
    wait {
      if !self.hasSaidClose {
        self.sayClose(1000)
        self.wait { self.endConnection(conversation) }
      } else {
        self.endConnection(conversation)
      }
    }
  }

  func connectionEnded() {
    timer?.cancel()
  }

  /// Nothing that the server sends counts any more.
  private func end(_ conversation: Conversation, _ error: ReadError) {
    if conversation.isOver {
      endConnection(conversation)
    } else {
      conversation.fail(error)
    }
  }

  /// Sends nothing more, and leaves it to the server to end the connection first.
  private func endConnection(_ conversation: Conversation) {
    hasHeardEnd = true
    conversation.release()
    channel.close(mode: .output, promise: nil)
    wait { self.channel.close(promise: nil) }
  }

  private func wait(_ then: @escaping () -> Void) {
    timer?.cancel()
    timer = channel.eventLoop.assumeIsolated().scheduleTask(in: Self.patience, then)
  }
}
