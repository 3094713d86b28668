import Testing
import TokenStream

@Suite struct StreamIDTests {
  @Test(arguments: [
    "", "0", "000000000000bee", "000000000000beef0", "000000000000BEEF", "000000000000beeg",
    "+00000000000beef",
    "-00000000000beef", " 00000000000beef", "00000000000béef", "０００００",
  ])
  func `what is no stream's name is refused`(_ text: String) {
    #expect(StreamID(text) == nil)
  }
}
