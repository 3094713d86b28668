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
    .systemLibrary(name: "CProcessor"),
    .target(name: "MonotonicTime"),
    .target(name: "Budgets"),
    .target(name: "MessageCompression", dependencies: ["CZlib"]),
    .target(name: "OpenDescriptors"),
    .target(name: "PlainText"),
    .target(name: "Processes", dependencies: ["CKernel", "PlainText"]),
    .target(
      name: "CommandEnding",
      dependencies: [
        "PlainText", "Processes", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .target(
      name: "LWS",
      dependencies: [
        "Budgets", "CLibev", "CLibwebsockets", "MessageCompression", "MonotonicTime", "OpenDescriptors",
      ]),
    .target(name: "TokenStream", dependencies: ["Budgets", "CProcessor", "MonotonicTime"]),
    .target(name: "Wire", dependencies: ["MessageCompression", "PlainText", "TokenStream"]),
    .target(name: "LabServer", dependencies: ["Budgets", "CKernel", "LWS", "TokenStream", "Wire"]),
    .target(
      name: "LabClient",
      dependencies: [
        "CKernel",
        "MessageCompression",
        "OpenDescriptors",
        "PlainText",
        "TokenStream",
        "Wire",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ]
    ),
    .target(
      name: "Faults",
      dependencies: [
        "OpenDescriptors", "TokenStream", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]
    ),
    .target(
      name: "Measurement",
      dependencies: [
        "CKernel", "PlainText", "TokenStream", "LabClient",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ]
    ),
    .target(
      name: "Experiments",
      dependencies: [
        "CKernel", "Measurement", "LabClient", "Faults", "OpenDescriptors", "PlainText", "Processes",
        "TokenStream",
        .product(name: "Yams", package: "Yams"),
      ]
    ),
    .target(name: "Report", dependencies: ["Experiments", "Measurement", "PlainText", "Processes"]),
    .executableTarget(
      name: "pushlab",
      dependencies: [
        "CKernel", "CommandEnding", "Experiments", "LabClient", "LabServer", "MonotonicTime",
        "OpenDescriptors",
        "PlainText", "Processes",
        "Report",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .target(name: "FloorFraming"),
    .executableTarget(name: "floor", dependencies: ["FloorFraming"]),
    .target(
      name: "Bench",
      dependencies: [
        "CKernel", "Experiments", "LabClient", "Measurement", "MonotonicTime", "OpenDescriptors", "PlainText",
        "Processes", "Report", "TokenStream", "Wire",
      ]
    ),
    .executableTarget(
      name: "pushlab-bench",
      dependencies: [
        "Bench", "CommandEnding", "MonotonicTime", "Processes", "floor", "pushlab",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .executableTarget(
      name: "pushlab-micro",
      dependencies: [
        "Bench", "CommandEnding", "LWS", "LabServer", "Measurement", "MonotonicTime", "PlainText",
        "Processes",
        "Report", "TokenStream", "Wire",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]
    ),
    .testTarget(name: "TokenStreamTests", dependencies: ["Budgets", "TokenStream"]),
    .testTarget(name: "MessageCompressionTests", dependencies: ["MessageCompression"]),
    .testTarget(name: "WireTests", dependencies: ["MessageCompression", "Wire"]),
    .testTarget(name: "LWSTests", dependencies: ["Budgets", "LWS", "MessageCompression"]),
    .testTarget(name: "LabServerTests", dependencies: ["LabServer"]),
    .testTarget(
      name: "LabClientTests",
      dependencies: ["LabClient", "PlainText", .product(name: "NIOPosix", package: "swift-nio")]),
    .testTarget(name: "FaultsTests", dependencies: ["Faults"]),
    .testTarget(name: "OpenDescriptorsTests", dependencies: ["OpenDescriptors"]),
    .testTarget(name: "PlainTextTests", dependencies: ["PlainText"]),
    .testTarget(name: "ProcessesTests", dependencies: ["Processes"]),
    .testTarget(name: "MeasurementTests", dependencies: ["Measurement", "Processes"]),
    .testTarget(name: "ExperimentsTests", dependencies: ["Experiments", "LabServer"]),
    .testTarget(name: "ReportTests", dependencies: ["PlainText", "Report"]),
    .testTarget(
      name: "BenchTests",
      dependencies: [
        "Bench", "Experiments", "FloorFraming", "Measurement", "MonotonicTime", "PlainText", "Report",
        "TokenStream", "Wire", "floor", "pushlab",
      ]
    ),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "pushlab", "pushlab-bench", "pushlab-micro", "LabServer", "LabClient", "Measurement", "Experiments",
        "Faults", "MessageCompression", "PlainText", "Processes",
        .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
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
