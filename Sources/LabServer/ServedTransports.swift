/// Every way to read a stream, in the order in which they are told.
let servedTransports: [any ServedTransport.Type] = [
  ShortPolling.self,
  LongPolling.self,
  ServerSentEvents.self,
  HTTPStreaming.self,
  WebSocket.self,
]
