/// A sample of a Prometheus text, by the whole of its name and labels.
func metric(_ name: String, in text: String) -> Double? {
  for line in text.split(separator: "\n") where line.hasPrefix(name + " ") {
    return Double(line.dropFirst(name.count + 1))
  }
  return nil
}
