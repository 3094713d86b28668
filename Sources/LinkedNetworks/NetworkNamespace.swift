import CKernel
import Foundation

/// A network of its own: its interfaces, addresses and ports are no other's (network_namespaces(7)).
public struct NetworkNamespace: Hashable, Sendable {
  /// A file that stands for it.
  public let path: String

  /// Puts the calling thread into it. Sockets stay in the namespace in which they were made.
  /// - Throws: `NetworkError`.
  public func enter() throws(NetworkError) {
    guard ckernel_network_enter(path) == 0 else { throw .namespace(errno) }
  }

  /// What starts a program in it, and becomes that program.
  public var launcher: [String] { ["nsenter", "--net=\(path)"] }
}
