import Foundation
import Testing

@testable import Machine

@Suite struct StandardStreamsTests {
  @Test func `a stream that takes little at a time, and would rather not be waited for, gets everything`()
    throws
  {
    let pipe = Pipe()
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    #expect(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
    // Longer than a pipe holds.
    let text = String(repeating: "表格 ", count: 100_000)
    Thread.detachNewThread {
      _ = StandardStreams.write(text, to: descriptor)
      try? pipe.fileHandleForWriting.close()
    }
    #expect(pipe.fileHandleForReading.readDataToEndOfFile() == Data(text.utf8))
  }

  @Test func `what keeps a text from being written is told`() throws {
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    #expect(StandardStreams.write("text", to: full.fileDescriptor) == ENOSPC)
    #expect(StandardStreams.write("", to: full.fileDescriptor) == 0)
    let null = try #require(FileHandle(forReadingAtPath: "/dev/null"))
    #expect(StandardStreams.write("text", to: null.fileDescriptor) == EBADF)
    #expect(
      OutputError(code: ENOSPC).description == "standard output cannot be written: No space left on device")
    #expect(OutputError(code: EPIPE).isClosedPipe)
    #expect(!OutputError(code: ENOSPC).isClosedPipe)
  }
}
