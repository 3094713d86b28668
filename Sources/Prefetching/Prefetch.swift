import CKernel

/// What somebody will touch soon, so that the processor can bring it near before.
///
/// Of thousands of readers the processor's cache holds none, and each one's memory tells where the next is to be found:
/// it would be waited for again and again. Asked for while others are served, it is there. A hint: none is wrong, and one
/// whose object has gone is harmless, because the processor ignores what it cannot bring.
public struct Prefetch {
  @usableFromInline let places: [3 of UnsafeRawPointer]

  /// Of each place: what is needed first stands in the first of them.
  @usableFromInline static var cacheLines: CInt { 4 }

  /// - Parameter object: whose beginning will be needed.
  public init(_ object: AnyObject) {
    places = .init(repeating: Self.place(of: object))
  }

  /// - Parameter further: what lies elsewhere in memory and will be needed too.
  public init(_ object: AnyObject, _ further: OpaquePointer) {
    let place = Self.place(of: object)
    places = [place, UnsafeRawPointer(further), place]
  }

  /// - Parameter next: what this object will go on to touch.
  public init(_ object: AnyObject, _ next: Prefetch) {
    places = [Self.place(of: object), next.places[0], next.places[1]]
  }

  /// Asks the processor for it, and does not wait.
  @inlinable public func begin() {
    for index in places.indices { ckernel_prefetch(places[index], Self.cacheLines) }
  }

  private static func place(of object: AnyObject) -> UnsafeRawPointer {
    UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque())
  }
}
