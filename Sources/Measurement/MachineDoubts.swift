import Machine
import MonotonicTime

extension MachineState {
  /// What happened to the machine since an earlier look that a measurement should not have suffered.
  public func doubts(since earlier: MachineState) -> [Doubt] {
    var doubts: [Doubt] = []
    let share = stealShare(since: earlier)
    if share > 0.02 { doubts.append(.steal(share: share)) }
    let step = (clockOffset - earlier.clockOffset).inMilliseconds
    if abs(step) > 5 { doubts.append(.clockStep(milliseconds: step)) }
    return doubts
  }
}
