// swift-tools-version:6.1
import PackageDescription

let package = Package(
  name: "pushlab",
  products: [
    .executable(name: "pushlab", targets: ["pushlab"]),
    .executable(name: "pushlab-bench", targets: ["pushlab-bench"]),
    .executable(name: "pushlab-micro", targets: ["pushlab-micro"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibwebsockets",
      pkgConfig: "libwebsockets",
      providers: [.apt(["libwebsockets-dev"])]
    ),
    .systemLibrary(name: "CLibev", providers: [.apt(["libev-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CKernel"),
    .target(name: "Prefetching", dependencies: ["CKernel"]),
    .target(name: "MonotonicTime"),
    .target(name: "Budgets"),
    .target(name: "MessageCompression", dependencies: ["CZlib"]),
    .target(name: "OpenDescriptors"),
    .target(name: "PlainText"),
    .target(name: "Machine", dependencies: ["CKernel", "MonotonicTime", "OpenDescriptors", "PlainText"]),
    .target(name: "Edge", dependencies: ["Machine", "PlainText"]),
    .target(name: "Links", dependencies: ["MonotonicTime"]),
    .target(
      name: "LinkedNetworks",
      dependencies: [
        "Answers", "CKernel", "Links", "Machine", "MonotonicTime", "PlainText",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .target(
      name: "CommandEnding",
      dependencies: [
        "Machine", "PlainText", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .target(
      name: "LWS",
      dependencies: [
        "Budgets", "CKernel", "CLibev", "CLibwebsockets", "MessageCompression", "MonotonicTime",
        "OpenDescriptors", "Prefetching",
      ]),
    .target(name: "Answers", dependencies: ["MonotonicTime"], exclude: ["Passages"]),
    .target(name: "TokenStream", dependencies: ["Answers", "Budgets", "MonotonicTime", "Prefetching"]),
    .target(name: "Wire", dependencies: ["Answers", "MessageCompression", "MonotonicTime", "PlainText"]),
    .target(
      name: "LabServer",
      dependencies: [
        "Answers", "CKernel", "ChatCompletions", "LWS", "MonotonicTime", "PlainText", "Prefetching",
        "TokenStream", "Wire",
      ]),
    .target(name: "ChatCompletions", dependencies: ["Answers", "PlainText", "Wire"]),
    .target(
      name: "Upstream",
      dependencies: [
        "Answers", "ChatCompletions", "MonotonicTime", "PlainText", "Wire",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .target(name: "Readings", dependencies: ["Answers", "MonotonicTime", "Wire"]),
    .target(
      name: "LabClient",
      dependencies: [
        "Answers",
        "CKernel",
        "MessageCompression",
        "MonotonicTime",
        "OpenDescriptors",
        "PlainText",
        "Readings",
        "Wire",
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "NIOHPACK", package: "swift-nio-http2"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]
    ),
    .target(
      name: "Faults",
      dependencies: [
        "Answers", "OpenDescriptors", .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]
    ),
    .target(
      name: "Measurement",
      dependencies: [
        "Links", "Machine", "MonotonicTime", "PlainText", "Readings",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ]
    ),
    .target(
      name: "Results",
      dependencies: ["Links", "Machine", "Measurement", "MonotonicTime", "PlainText", "Readings"]),
    .target(
      name: "Experiments",
      dependencies: [
        "Answers", "Edge", "Faults", "LabClient", "LinkedNetworks", "Links", "Machine", "Measurement",
        "MonotonicTime", "OpenDescriptors", "PlainText",
        "Readings", "Results", "Wire",
        .product(name: "Yams", package: "Yams"),
      ]
    ),
    .target(name: "Report", dependencies: ["Machine", "Measurement", "PlainText", "Results"]),
    .target(
      name: "ModelBench",
      dependencies: [
        "Answers", "ChatCompletions", "Machine", "Measurement", "MonotonicTime", "PlainText", "Readings",
        "Report", "Upstream", .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
      ]),
    .target(
      name: "StreamTap",
      dependencies: [
        "LabClient", "MonotonicTime", "PlainText", "Wire", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .executableTarget(
      name: "pushlab",
      dependencies: [
        "Answers", "CKernel", "ChatCompletions", "CommandEnding", "Experiments", "LWS", "LabClient",
        "LabServer", "LinkedNetworks", "Links", "Machine", "Measurement", "ModelBench", "MonotonicTime",
        "OpenDescriptors", "PlainText", "Readings", "Report", "Results", "StreamTap", "TokenStream",
        "Upstream",
        "Wire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .target(name: "FloorFraming"),
    .executableTarget(name: "floor", dependencies: ["FloorFraming"]),
    .target(
      name: "Bench",
      dependencies: [
        "Answers", "CKernel", "LabClient", "Machine", "Measurement", "MonotonicTime", "OpenDescriptors",
        "PlainText",
        "Report", "Wire",
      ]
    ),
    .executableTarget(
      name: "pushlab-bench",
      dependencies: [
        "Bench", "CommandEnding", "LabClient", "Machine", "MonotonicTime", "PlainText", "Results", "Wire",
        "floor",
        "pushlab",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .executableTarget(
      name: "pushlab-micro",
      dependencies: [
        "Answers", "Bench", "CommandEnding", "LWS", "LabServer", "Machine", "Measurement", "MonotonicTime",
        "Report", "TokenStream", "Wire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .testTarget(name: "AnswersTests", dependencies: ["Answers", "MonotonicTime"]),
    .testTarget(
      name: "TokenStreamTests", dependencies: ["Answers", "Budgets", "MonotonicTime", "TokenStream"]),
    .testTarget(name: "MessageCompressionTests", dependencies: ["MessageCompression"]),
    .testTarget(name: "WireTests", dependencies: ["MessageCompression", "Wire"]),
    .testTarget(
      name: "ChatCompletionsTests", dependencies: ["Answers", "ChatCompletions", "Wire"]),
    .testTarget(name: "UpstreamReadingTests", dependencies: ["Answers", "ChatCompletions", "Upstream"]),
    .testTarget(
      name: "ModelBenchTests",
      dependencies: [
        "Answers", "ChatCompletions", "Machine", "Measurement", "ModelBench", "MonotonicTime", "Upstream",
      ]),
    .testTarget(name: "LWSTests", dependencies: ["Budgets", "LWS", "MessageCompression"]),
    .testTarget(name: "LabServerTests", dependencies: ["LabServer"]),
    .testTarget(
      name: "LabClientTests",
      dependencies: [
        "Answers", "LabClient", "MonotonicTime", "PlainText", "Readings", "Wire",
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]
    ),
    .testTarget(name: "FaultsTests", dependencies: ["Faults"]),
    .testTarget(name: "StreamTapTests", dependencies: ["MonotonicTime", "StreamTap"]),
    .testTarget(name: "LinkedNetworksTests", dependencies: ["LinkedNetworks", "Links", "MonotonicTime"]),
    .testTarget(name: "OpenDescriptorsTests", dependencies: ["OpenDescriptors"]),
    .testTarget(name: "PlainTextTests", dependencies: ["PlainText"]),
    .testTarget(name: "MachineTests", dependencies: ["Machine", "Measurement", "MonotonicTime"]),
    .testTarget(name: "ReadingsTests", dependencies: ["Answers", "MonotonicTime", "Readings"]),
    .testTarget(
      name: "ResultsTests",
      dependencies: [
        "Experiments", "LabClient", "Machine", "Measurement", "Readings", "Results",
      ]
    ),
    .testTarget(
      name: "MeasurementTests",
      dependencies: [
        "Answers", "LabClient", "Machine", "Measurement", "MonotonicTime", "Readings",
      ]
    ),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Answers", "Experiments", "LabClient", "LabServer", "Machine", "Measurement", "MonotonicTime",
        "Readings",
        "Results", "Wire",
      ]
    ),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "Experiments", "LabClient", "Machine", "Measurement", "MonotonicTime", "PlainText", "Readings",
        "Report",
        "Results",
      ]
    ),
    .testTarget(
      name: "BenchTests",
      dependencies: [
        "Bench", "Experiments", "FloorFraming", "LabClient", "Machine", "Measurement", "MonotonicTime",
        "PlainText",
        "Report", "Wire", "floor", "pushlab",
      ]
    ),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Answers", "Edge", "Experiments", "Faults", "LWS", "LabClient", "LabServer", "LinkedNetworks",
        "Links",
        "Machine", "Measurement", "MessageCompression", "MonotonicTime", "PlainText", "Readings", "Results",
        "Wire",
        "pushlab",
        "pushlab-bench",
        "pushlab-micro",
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]
    ),
  ],
  swiftLanguageModes: [.v6]
)

// The fuzz targets, for `make fuzz` alone: they link against a runtime that nothing else is built with.
if Context.environment["PUSHLAB_FUZZ"] != nil {
  let targets: [(String, [Target.Dependency])] = [
    ("EventStream", ["Wire"]),
    ("Lines", ["Wire"]),
    ("PollPage", ["Wire"]),
    ("Request", ["LabServer", "LWS"]),
    ("ControlMessage", ["Wire"]),
    ("SocketFrames", ["MessageCompression", "Wire"]),
    ("ExperimentFile", ["Experiments"]),
  ]
  package.targets.append(.target(name: "FuzzSupport", path: "Fuzz/Support"))
  for (name, dependencies) in targets {
    package.targets.append(
      .executableTarget(
        name: "Fuzz\(name)", dependencies: ["FuzzSupport"] + dependencies, path: "Fuzz/Targets",
        exclude: targets.map { "\($0.0).swift" }.filter { $0 != "\(name).swift" }))
  }
}
