import Foundation
import OpenDescriptors
import Testing

/// In processes of their own, which have their own limits, and a few descriptors of who started them.
struct DescriptorsTests {
  @Test func `room ends where the reserve begins`() async {
    await #expect(processExitsWith: .success) {
      var limits = rlimit(rlim_cur: 4_000, rlim_max: 4_000)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
      let firstOfReserve = 4_000 - Descriptors.reserve
      #expect(Descriptors.limit == 4_000)
      var last: CInt = -1
      while Descriptors.haveRoom { last = open("/dev/null", O_RDONLY) }
      #expect(last > 0 && last < firstOfReserve)
      let next = open("/dev/null", O_RDONLY)
      #expect(next >= firstOfReserve)
      close(last)
      #expect(Descriptors.haveRoom)
    }
  }

  @Test func `a limit is raised as far as the system allows, and never lowered`() async {
    await #expect(processExitsWith: .success) {
      var limits = rlimit(rlim_cur: 200, rlim_max: 300)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
      #expect(Descriptors.raiseLimit(to: 100) == 200)
      #expect(Descriptors.raiseLimit(to: 250) == 250)
      #expect(Descriptors.raiseLimit(to: 1_000) == 300)
    }
  }
}

struct DescriptorWordsTests {
  @Test func `too few descriptors say what to do, other errors what they are`() {
    #expect(Descriptors.words(for: EMFILE) == "Too many open files; 'ulimit -n 20000' allows more")
    #expect(Descriptors.words(for: ECONNREFUSED) == "Connection refused")
  }
}
