import Answers
import Foundation
import LabClient
import Machine
import Measurement
import OpenDescriptors
import Wire

/// Runs everything there is to measure: trial after trial, and in each trial every entry at every number of
/// readers, in an order drawn anew.
public struct Bench {
  private let parts: Parts
  private let options: Options
  private let processors = Processors()
  private let command: String

  /// - Parameter command: what was typed.
  /// - Throws: `BenchError` where this machine cannot do it.
  public init(_ parts: Parts, _ options: Options, command: String) throws {
    self.parts = parts
    self.options = options
    self.command = command
    let needed = (options.readers.max() ?? 0) + 300
    let descriptors = Descriptors.raiseLimit(to: needed)
    guard descriptors >= needed else {
      throw BenchError(
        "\(needed) descriptors are needed and \(descriptors) allowed: raise 'ulimit -Hn', or --readers")
    }
  }

  /// - Parameters:
  ///   - didTurn: is told of every turn, with how many there are.
  ///   - didTrial: is given all there is so far after every trial.
  ///   - isInterrupted: ends the run after the turn under way.
  public func run(
    didTurn: (BenchResult.Turn, _ done: Int, _ all: Int) -> Void, didTrial: (BenchResult) throws -> Void,
    isInterrupted: () -> Bool
  ) throws -> BenchResult {
    let awake = Wakefulness(options.keepsAwake ? processors.allowed : [], executable: parts.pushlab)
    defer { awake.stop() }
    let environment = RunEnvironment(
      processors: processors, engine: try engine(), isKeptAwake: awake.isKept, executable: parts.pushlab)
    var result = BenchResult(
      environment: environment, command: command, options: options, versions: parts.versions, absent: absent)
    let machine = MachineState()
    var generator = SeededGenerator(seed: options.seed)
    let all = options.trials * options.readers.reduce(0) { $0 + subjects($1).count }
    for trial in 0..<options.trials {
      for readers in options.readers {
        for subject in subjects(readers).shuffled(using: &generator) {
          result.isInterrupted = isInterrupted()
          if result.isInterrupted { return result }
          let turn = turn(subject, readers: readers, trial: trial)
          result.turns.append(turn)
          didTurn(turn, result.turns.count, all)
        }
      }
      result.environment.stealShare = MachineState().stealShare(since: machine)
      try didTrial(result)
    }
    return result
  }

  private func engine() throws -> String {
    let server = try Pushlab(parts, options.load(.fanOut, readers: 1))
    defer { server.stop() }
    return try server.engine()
  }

  private var servers: [Server] { options.servers.filter(parts.servers.contains) }

  /// What is not measured, and why.
  private var absent: [String] {
    let largest = options.readers.max() ?? 0
    let held = servers.filter { $0.mostReaders < largest }.map {
      "\($0.name) was measured up to \($0.mostReaders) readers: it has a thread for each"
    }
    return (options.servers == Server.allCases ? parts.absent : []) + held
  }

  /// Everything that is measured with so many readers.
  private func subjects(_ readers: Int) -> [BenchResult.Subject] {
    let loads = options.shapes.flatMap { shape in
      Entry.all(shape, readers: readers, of: servers, transports: options.transports).map {
        BenchResult.Subject.load(shape: shape, entry: $0)
      }
    }
    guard options.transports.contains(.shortPolling) else { return loads }
    return loads + Answerer.allCases.filter { servers.contains($0.server) }.map { .requests(of: $0) }
  }

  private func turn(_ subject: BenchResult.Subject, readers: Int, trial: Int) -> BenchResult.Turn {
    var turn = BenchResult.Turn(subject, readers: readers, trial: trial)
    do {
      switch subject {
      case .load(let shape, let entry):
        turn.result = try LoadMeter(parts: parts, processors: processors, options: options)
          .measure(entry, shape, readers: readers)
      case .requests(let answerer):
        turn.result = try RequestMeter(parts: parts, processors: processors, options: options)
          .measure(answerer, connections: readers)
      }
    } catch {
      turn.failure = "\(error)"
    }
    return turn
  }
}
