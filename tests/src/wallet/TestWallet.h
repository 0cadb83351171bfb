#pragma once

#include <QTemporaryDir>
#include <filesystem>
#include <memory>
#include <string>

#include "src/wallet/Wallet.h"

namespace chancery::test {

/// A clock that stands still until it is told.
class HandClock final : public Clock {
public:
    absl::Time now() const override { return m_now; }
    void pass(absl::Duration time) { m_now += time; }

private:
    absl::Time m_now = absl::FromUnixSeconds(1'800'000'000);
};

inline constexpr const char* kPassphrase = "canary-passphrase-5519";
/// For tests only: guessing it would be cheap.
inline constexpr crypto::ScryptCost kQuick{.log2N = 4, .r = 1, .p = 1};

/// A workspace in a folder that goes with it.
struct TestWallet {
    QTemporaryDir parent;
    HandClock clock;

    std::filesystem::path folder() const { return parent.filePath("ws").toStdString(); }
    wallet::Options options() const {
        return {.clock = clock, .cost = kQuick, .leastCost = kQuick, .protectProcess = false};
    }
    std::unique_ptr<wallet::Wallet> create() const {
        auto made = wallet::Wallet::create(folder(), kPassphrase, options());
        if (!made.ok()) qFatal("%s", made.status().ToString().c_str());
        return *std::move(made);
    }
    std::unique_ptr<wallet::Wallet> open() const {
        auto opened = wallet::Wallet::open(folder(), options());
        if (!opened.ok()) qFatal("%s", opened.status().ToString().c_str());
        return *std::move(opened);
    }
    std::unique_ptr<wallet::Wallet> unlocked(const char* passphrase = kPassphrase) const {
        auto opened = open();
        const Status status = opened->vault().unlock(passphrase);
        if (!status.ok()) qFatal("%s", status.ToString().c_str());
        return opened;
    }
};

}  // namespace chancery::test
