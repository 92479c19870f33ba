// The tenant's clock. The SAML library reads the global Date, so moving the clock moves the whole process.

const RealDate = Date;
let offsetMs = 0;

class TenantDate extends RealDate {
  constructor(...when) {
    super(...(when.length === 0 ? [TenantDate.now()] : when));
  }

  static now() {
    return RealDate.now() + offsetMs;
  }
}

/** Replaces the global Date by one that `setClockOffset` can move. */
export function installClock() {
  globalThis.Date = TenantDate;
}

/** @param {number} seconds how far the tenant's clock runs ahead of the machine's; negative: behind */
export function setClockOffset(seconds) {
  offsetMs = seconds * 1000;
}

/** @param {number} epochMs the instant that the tenant's clock shows from now on, still running */
export function setClockTo(epochMs) {
  offsetMs = epochMs - RealDate.now();
}

/** @returns {number} seconds since 1970 by the tenant's clock */
export function epochSeconds() {
  return Math.floor(TenantDate.now() / 1000);
}
