/// What the heads of a reader's requests carry.
public enum RequestHeads: String, CaseIterable, Hashable, Sendable {
  /// What HTTP and the transport ask for.
  case lean
  /// What Chromium sends to a page's own server on the loopback interface, in Chromium's order: some 500 bytes.
  case chromium
}
