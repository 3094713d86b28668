import ChatCompletions

/// What a model's server is asked, and how often.
public struct ModelBenchPlan: Codable, Hashable, Sendable {
  /// The model's name there.
  public var model: String
  /// What is asked, each time.
  public var prompt: String
  /// The most tokens that an answer may have.
  public var tokens: Int
  /// How many answers count.
  public var requests: Int
  /// How many are read at a time. Each reader asks anew once its answer is there, so that a server that is slow is asked
  /// less often: the load is closed.
  public var concurrency: Int
  /// Further fields of the request, a JSON object; nil for none. One that is null is left out of the request.
  public var extraBody: String?
  /// What a good answer keeps.
  public var limits: ModelLimits

  public init(
    model: String, prompt: String, tokens: Int = 200, requests: Int = 20, concurrency: Int = 1,
    extraBody: String? = nil, limits: ModelLimits = ModelLimits()
  ) {
    self.model = model
    self.prompt = prompt
    self.tokens = tokens
    self.requests = requests
    self.concurrency = concurrency
    self.extraBody = extraBody
    self.limits = limits
  }

  /// The body of each request.
  /// - Returns: nil where the further fields are no JSON object.
  public var body: [UInt8]? {
    ChatRequest.body(asking: prompt, of: model, tokens: tokens, adding: extraBody)
  }
}

/// What an answer must keep to count as good, in milliseconds; nil asks nothing.
public struct ModelLimits: Codable, Hashable, Sendable {
  /// The longest.
  public var timeToFirstToken: Double?
  /// The longest, on average over an answer.
  public var timePerOutputToken: Double?

  public init(timeToFirstToken: Double? = nil, timePerOutputToken: Double? = nil) {
    self.timeToFirstToken = timeToFirstToken
    self.timePerOutputToken = timePerOutputToken
  }

  /// An answer that failed, or lacks what is asked for, is not good.
  func areMet(by answer: MeasuredAnswer) -> Bool {
    func keeps(_ value: Double?, _ limit: Double?) -> Bool {
      guard let limit else { return true }
      return value.map { $0 <= limit } ?? false
    }
    return answer.failure == nil && keeps(answer.timeToFirstToken, timeToFirstToken)
      && keeps(answer.timePerOutputToken, timePerOutputToken)
  }
}
