import Answers
import ChatCompletions
import Wire

/// What a model sends, read chunk by chunk from an event stream's bytes.
struct ChunkReading {
  private var parser = EventStreamParser()
  private var halves = SurrogateHalves()
  private var finishReason: String?
  private var usage: Ending.Usage?
  /// Known behind the word that nothing more comes.
  private(set) var ending: Ending?
  /// Why no more can be read.
  private(set) var mistake: ChunkMistake?

  /// The largest event that is read, in bytes.
  static let largestEvent = 1 << 20

  /// - Returns: the chunks that these bytes complete, in order.
  mutating func take(_ bytes: some Sequence<UInt8>) -> [ChatChunk] {
    var chunks: [ChatChunk] = []
    for event in parser.feed(bytes) where ending == nil && mistake == nil {
      if let chunk = take(event) { chunks.append(chunk) }
    }
    if parser.heldBytes > Self.largestEvent { mistake = mistake ?? .tooLarge }
    return chunks
  }

  private mutating func take(_ event: ServerSentEvent) -> ChatChunk? {
    let data = event.data.trimmingPrefix { $0 == " " }
    if data.prefix(while: { $0 != " " }) == ChatChunk.done {
      ending = finished
    } else if event.name == "error" {
      mistake = .error(InterfaceError.words(in: Array(event.data.utf8)))
    } else if data.isEmpty || data == "null" || event.name == "ping" {
      // It says only that the server is still there.
      return nil
    } else if event.data.utf8.count > Self.largestEvent {
      mistake = .tooLarge
    } else if let chunk = chunk(event.data) {
      if let error = chunk.error { mistake = .error(error) }
      finishReason = chunk.finishReason ?? finishReason
      usage = chunk.usage ?? usage
      return chunk
    } else {
      mistake = .noJSON(event.data)
    }
    return nil
  }

  private mutating func chunk(_ data: String) -> ChatChunk? {
    // Only an escape can be half a character.
    let hasEscape = data.utf8.contains(UInt8(ascii: "\\"))
    var chunk = try? ChatChunk(json: (hasEscape ? SurrogateHalves.standingIn(data) : data).utf8)
    if hasEscape || halves.isWaiting, let text = chunk?.text { chunk?.text = halves.joined(text) }
    return chunk
  }

  /// How it ended where the response did, without the word that it would: nil where the model did not say that it is done.
  var endingWithoutWord: Ending? { finishReason == nil ? nil : finished }

  private var finished: Ending {
    Ending(.complete, usage: usage, isCut: finishReason == "length")
  }
}

/// Why what a model sends cannot be read further.
enum ChunkMistake: Error, Equatable {
  case tooLarge
  case noJSON(String)
  /// The model's own words.
  case error(String)

  /// What it did, behind its name.
  var words: String {
    switch self {
    case .tooLarge: "sent an event of more than \(ChunkReading.largestEvent) bytes"
    case .noJSON(let data): "sent an event that is not JSON: \(data)"
    case .error(let words): "failed in the midst of its answer: \(words)"
    }
  }
}
