#pragma once

#include <vector>

#include "absl/time/time.h"
#include "src/usecase/CertificateEffects.h"

namespace chancery::usecase {

struct ForecastRequest {
    absl::Time at;  ///< the clock is set to this
    /// How long before its end a certificate is warned of, any order; the longest tells how far the
    /// forecast looks.
    std::vector<absl::Duration> thresholds{absl::Hours(30 * 24), absl::Hours(14 * 24),
                                           absl::Hours(7 * 24)};
};

/// One moment at which something ends.
struct ForecastStep {
    absl::Time at;
    std::vector<std::size_t> certificates;  ///< that end then; indexes into the inventory
    std::vector<std::size_t> lists;         ///< whose nextUpdate it is
    /// Smallest of the thresholds within which it lies; nothing: it has passed.
    std::optional<absl::Duration> within;
    std::vector<CertificateEffect> stops;  ///< what did still work before
};

struct CertificateForecast {
    absl::Time at;
    std::vector<ForecastStep> ended;  ///< in order of time
    std::vector<ForecastStep> soon;
    std::vector<CertificateEffect> standsStill;  ///< at `at`, all of it
    std::size_t good = 0;    ///< certificates in use that end later than all thresholds
    std::size_t notYet = 0;  ///< in use and not valid yet at `at`
    /// Issued by CAs, used by nobody that is known: counted, not told one by one.
    std::size_t unusedEnded = 0;
    std::size_t unusedSoon = 0;

    bool isQuiet() const { return ended.empty() && soon.empty(); }
};

/// Says for a date what has ended, what is about to, and what stops then.
class ForecastCertificates {
public:
    CertificateForecast run(const CertificateInventory& inventory,
                            const ForecastRequest& request) const;
};

}  // namespace chancery::usecase
