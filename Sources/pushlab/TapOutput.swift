import Machine
import PlainText
import Readings
import StreamTap
import Synchronization

/// Shows a stream while it comes, on the thread that reads it.
final class TapOutput: Sendable {
  enum Form {
    case text
    case raw
    case json
    case nothing
  }

  private let form: Form
  private let text = Mutex(TapText())

  init(_ form: Form, heading: String) {
    self.form = form
    if form == .text || form == .raw { write(heading + "\n") }
  }

  @Sendable func show(_ heard: StreamTap.Heard) {
    switch (heard, form) {
    case (.bytes(let bytes, _), .raw): write(WireView.lines(.down, bytes))
    case (.pieces(let pieces, let asked), .text), (.pieces(let pieces, let asked), .raw):
      write(text.withLock { $0.lines(pieces, asked: asked) })
    case (.pieces(let pieces, let asked), .json): write(TapJSON.lines(pieces, asked: asked))
    default: break
    }
  }

  @Sendable func show(_ heard: PollTap.Heard) {
    switch (heard, form) {
    case (.bytes(let bytes), .raw): write(WireView.lines(.down, bytes))
    case (.answer(let answer, let began), .text), (.answer(let answer, let began), .raw):
      write(text.withLock { $0.line(answer, since: began) })
    case (.answer(let answer, let began), .json): write(TapJSON.line(answer, since: began))
    default: break
    }
  }

  private func write(_ text: String) {
    do throws(OutputError) {
      try StandardOutput.write(text)
    } catch {
      Pushlab.end(with: error)
    }
  }
}
