#include "src/usecase/ForecastCertificates.h"

#include <algorithm>
#include <map>

namespace chancery::usecase {
namespace {

/// What ends at one moment.
struct Moment {
    std::vector<std::size_t> certificates;
    std::vector<std::size_t> lists;
};

std::vector<CertificateEffect> newAmong(const std::vector<CertificateEffect>& now,
                                        const std::vector<CertificateEffect>& before) {
    std::vector<CertificateEffect> added;
    for (const CertificateEffect& effect : now) {
        const bool known =
            std::any_of(before.begin(), before.end(), [&](const CertificateEffect& old) {
                // Figures and names of a lasting effect may change; that is no new one.
                return old.kind == effect.kind && old.name == effect.name &&
                       old.mspId == effect.mspId && old.channel == effect.channel &&
                       old.role == effect.role;
            });
        if (!known) added.push_back(effect);
    }
    return added;
}

}  // namespace

CertificateForecast ForecastCertificates::run(const CertificateInventory& inventory,
                                              const ForecastRequest& request) const {
    CertificateForecast forecast{.at = request.at};
    std::vector<absl::Duration> thresholds = request.thresholds;
    std::sort(thresholds.begin(), thresholds.end());
    const absl::Time horizon =
        request.at + (thresholds.empty() ? absl::ZeroDuration() : thresholds.back());
    std::map<absl::Time, Moment> moments;
    const auto& all = inventory.certificates();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const absl::Time end = all[i].certificate.notAfter();
        if (!all[i].isInUse()) {
            if (end < request.at)
                ++forecast.unusedEnded;
            else if (end <= horizon)
                ++forecast.unusedSoon;
            continue;
        }
        if (all[i].certificate.notBefore() > request.at) ++forecast.notYet;
        if (end <= horizon)
            moments[end].certificates.push_back(i);
        else
            ++forecast.good;
    }
    for (std::size_t i = 0; i < inventory.revocationLists().size(); ++i) {
        const auto next = inventory.revocationLists()[i].list.nextUpdate();
        if (next && *next <= horizon) moments[*next].lists.push_back(i);
    }
    const CertificateEffects effects(inventory);
    std::vector<CertificateEffect> before = effects.whileEnded([](std::size_t) { return false; });
    std::vector<CertificateEffect> outdated;
    for (auto& [at, moment] : moments) {
        // A certificate is good in the second of its end.
        std::vector<CertificateEffect> now = effects.whileEnded(
            [&, at = at](std::size_t one) { return all[one].certificate.notAfter() <= at; });
        for (const std::size_t list : moment.lists)
            outdated.push_back({.kind = EffectKind::CrlOutdated,
                                .name = inventory.revocationLists()[list].list.issuer(),
                                .mspId = inventory.revocationLists()[list].mspId});
        now.insert(now.end(), outdated.begin(), outdated.end());
        ForecastStep step{.at = at,
                          .certificates = std::move(moment.certificates),
                          .lists = std::move(moment.lists),
                          .within = std::nullopt,
                          .stops = newAmong(now, before)};
        if (at < request.at) {
            forecast.standsStill = now;
            forecast.ended.push_back(std::move(step));
        } else {
            const auto within =
                std::lower_bound(thresholds.begin(), thresholds.end(), at - request.at);
            if (within != thresholds.end()) step.within = *within;
            forecast.soon.push_back(std::move(step));
        }
        before = std::move(now);
    }
    return forecast;
}

}  // namespace chancery::usecase
