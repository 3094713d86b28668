import LWS
import Wire

/// The link that the server stands behind, where the page may say what link it is to be.
public protocol NetworkChoice: AnyObject {
  /// The names to choose from.
  var names: [String] { get }
  var chosen: String { get }
  /// - Parameter name: one of the names.
  /// - Throws: why the link did not change.
  func choose(_ name: String) throws
}

/// What the page is told of the link.
struct ToldNetwork: Encodable {
  /// Nil where there is none.
  var chosen: String?
  var names: [String] = []
}

extension Lab {
  /// The answer to `GET /network`, and to `POST /network?name=NAME`, which changes it for everybody.
  func network(_ request: Request) -> Response {
    let fresh = [(name: "cache-control", value: "no-store")]
    guard let networkChoice else {
      return request.method == .post
        ? .error(404, "there is no link to change: start the server with pushlab serve --network lan")
        : .json(200, encoding: ToldNetwork(), fresh)
    }
    if request.method == .post {
      let name = request.query.first { $0.name == "name" }?.value
      guard let name, networkChoice.names.contains(name) else {
        return .error(400, "'name' takes one of \(networkChoice.names.joined(separator: ", "))")
      }
      do {
        try networkChoice.choose(name)
      } catch {
        return .error(500, "\(error)")
      }
    }
    return .json(200, encoding: ToldNetwork(chosen: networkChoice.chosen, names: networkChoice.names), fresh)
  }
}
