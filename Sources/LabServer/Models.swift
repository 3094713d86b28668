import Answers
import ChatCompletions
import LWS
import Wire

/// Who gives the answers: for the page, and as the OpenAI interface lists models.
extension Lab {
  var source: Response {
    let source = streams.source
    return .json(
      200,
      Array(#"{"name":\#(source.name.jsonString),"model":\#(source.model.jsonString)}"#.utf8),
      [("cache-control", "no-store")])
  }

  var models: Response {
    .json(200, Array(#"{"object":"list","data":[\#(modelObject)]}"#.utf8), [("cache-control", "no-store")])
  }

  func model(_ name: String) -> Response {
    guard name == streams.source.model else { return .refusal(unknownModel(name)) }
    return .json(200, Array(modelObject.utf8), [("cache-control", "no-store")])
  }

  func unknownModel(_ name: String) -> InterfaceError {
    InterfaceError(
      404, "there is no model '\(name.prefix(100))' here; this server has '\(streams.source.model)'",
      parameter: "model", code: "model_not_found")
  }

  private var modelObject: String {
    #"{"id":\#(streams.source.model.jsonString),"object":"model","created":\#(started),"owned_by":"pushlab"}"#
  }
}

extension Response {
  static func refusal(_ error: InterfaceError, _ fields: [(name: String, value: String)] = []) -> Response {
    .json(error.status, error.json, [("cache-control", "no-store")] + fields)
  }
}
