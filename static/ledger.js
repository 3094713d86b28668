/** What a reader's tokens tell: an account of each index, and figures of time in milliseconds. */
export class Ledger {
  /** `asked`: when the question was, by this page's clock. */
  constructor(asked) {
    this.asked = asked;
    /** { index, at } in the order of arrival. */
    this.arrivals = [];
    this.delays = [];
    this.gaps = [];
    this.doubled = 0;
    this.seen = new Set();
    this.highest = -1;
    this.intended = [];
    /** The first index of the stream that is being read, and how many delays are known of those before. */
    this.from = 0;
    this.earlier = 0;
    /** Its schedule has come. */
    this.isKnown = false;
    /** The first arrival whose delay is not known yet. */
    this.due = 0;
  }

  /** What comes from here on is of another stream: it has a schedule of its own, from its own start. */
  begin(index) {
    this.from = index;
    this.earlier = this.delays.length;
    this.due = this.arrivals.length;
    this.isKnown = false;
  }

  take(index, at) {
    if (this.seen.has(index)) this.doubled += 1;
    this.seen.add(index);
    this.highest = Math.max(this.highest, index);
    const last = this.arrivals.at(-1);
    if (last) this.gaps.push(at - last.at);
    this.arrivals.push({ index, at });
    this.settle();
  }

  /** The schedule comes a moment after the stream does. */
  know(intended) {
    this.intended = intended.map((at, index) => (index < this.from ? (this.intended[index] ?? at) : at));
    this.isKnown = true;
    this.settle();
  }

  settle() {
    for (; this.isKnown && this.due < this.arrivals.length; this.due += 1) {
      const { index, at } = this.arrivals[this.due];
      this.delays.push(at - this.intended[index]);
      if (this.delays.at(-1) < 0) this.shift(this.delays.at(-1));
    }
  }

  /** No token comes before its time: where one seems to, the two clocks were compared wrongly by that much. */
  shift(difference) {
    this.intended = this.intended.map((at, index) => (index < this.from ? at : at + difference));
    this.delays = this.delays.map((delay, place) => (place < this.earlier ? delay : delay - difference));
  }

  /** Tokens missing below the highest index seen; of an answer that has ended, below its end. */
  missing(total = this.highest + 1) {
    return total - this.seen.size;
  }

  get firstToken() {
    return this.arrivals.length > 0 ? this.arrivals[0].at - this.asked : undefined;
  }

  get delayNow() {
    return this.delays.at(-1);
  }

  get delayP95() {
    return quantile(this.delays, 0.95);
  }

  get longestGap() {
    return this.gaps.length > 0 ? Math.max(...this.gaps) : undefined;
  }

  /** The longest stretch of the schedule, in milliseconds, whose tokens came within 20 ms of each other. */
  longestBunch() {
    let longest = 0;
    let first = 0;
    for (const [place, { index, at }] of this.arrivals.entries()) {
      while (at - this.arrivals[first].at > 20) first += 1;
      if (place === first) continue;
      longest = Math.max(longest, this.intended[index] - this.intended[this.arrivals[first].index]);
    }
    return longest || 0;
  }
}

/** The nearest-rank quantile; undefined of nothing. */
export function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
