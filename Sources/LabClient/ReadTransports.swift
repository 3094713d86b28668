import Wire

/// Every way to read a stream, in the order in which experiments, benches and tests go through them.
let readTransports: [any TransportReader.Type] = [
  ShortPolling.self,
  LongPolling.self,
  ServerSentEvents.self,
  HTTPStreaming.self,
  WebSocket.self,
]
