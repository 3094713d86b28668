import Foundation
import PlainText
import Results

/// The page's plots: their places, their legends and captions, and the script that has them drawn.
struct HTMLPlots {
  private let plots: [Plot]
  private let library: PlotLibrary?

  init(_ result: RunResult, library: PlotLibrary?) {
    plots = library == nil ? [] : Plots(result).all
    self.library = library
  }

  /// Without a library, how to get it.
  var figures: String {
    guard library != nil else { return "<p>\(PlotLibrary.advice.inHTML)</p>\n" }
    return plots.map { plot in
      "<figure><h2>\(plot.title.inHTML)</h2>\n<ul class=\"legend\">\(plot.legend.map(key).joined())</ul>\n"
        + "<div class=\"panels\">\(plot.panels.map(panel).joined())</div>\n"
        + "<figcaption>\(plot.caption.inHTML)</figcaption></figure>\n"
    }.joined()
  }

  private func panel(_ panel: Plot.Panel) -> String {
    let title = panel.title.isEmpty ? "" : "<h3>\(panel.title.inHTML)</h3>"
    return "<div>\(title)<div class=\"plot\" id=\"\(panel.name)\"></div></div>"
  }

  private func key(_ key: Plot.Key) -> String {
    switch key {
    case .line(let mark, let text):
      let dash = mark.dash.map(String.init).joined(separator: " ")
      let line =
        "<path d=\"M0,7L40,7\" stroke=\"\(mark.colour)\" stroke-width=\"2\" stroke-dasharray=\"\(dash)\"/>"
      return item(line + shape(mark.shape, at: 20, "fill=\"\(mark.colour)\""), width: 40, text)
    case .point(let colour, let path, let text):
      return item(
        shape(path, at: 8, "fill=\"none\" stroke=\"\(colour)\" stroke-width=\"0.4\""), width: 16, text)
    case .area(let opacity, let text):
      let bar = "<path d=\"M0,0L20,0L20,14L0,14Z\" fill=\"\(Marks.ink)\" fill-opacity=\"\(opacity)\"/>"
      return item(bar, width: 20, text)
    }
  }

  private func shape(_ path: String, at place: Int, _ paint: String) -> String {
    "<path d=\"\(path)\" transform=\"translate(\(place) 7) scale(4.5)\" \(paint)/>"
  }

  private func item(_ drawing: String, width: Int, _ text: String) -> String {
    "<li><svg width=\"\(width)\" height=\"14\" aria-hidden=\"true\">\(drawing)</svg>\(text.inHTML)</li>"
  }

  /// The library, and what it is to draw where.
  var script: String {
    guard let library else { return "" }
    let drawing = plots.flatMap(\.panels).map { panel in
      let json = try? JSONSerialization.data(withJSONObject: panel.specification, options: [.sortedKeys])
      let text = String(decoding: json ?? Data("{}".utf8), as: UTF8.self).asHarmlessJSON
      return "vegaEmbed('#\(panel.name)', \(text), {actions: false, renderer: 'svg'});\n"
    }
    return "<script>\(library.javaScript)</script>\n<script>\n\(drawing.joined())</script>\n"
  }
}
