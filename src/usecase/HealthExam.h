#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "src/channel/Bundle.h"
#include "src/usecase/ContractStatus.h"
#include "src/usecase/InspectChannel.h"

namespace chancery::usecase {

enum class HealthSeverity { Info, Warning, Error };
/// "info", "warning", "error".
std::string_view nameOf(HealthSeverity severity);

/// One channel as it was seen.
struct HealthChannel {
    ChannelId channel;
    channel::BundlePtr bundle;  ///< null: it could not be loaded
    ConfigDescription config;
    std::vector<ChannelNode> nodes;
    std::optional<ContractStatusReport> contracts;  ///< nothing: nobody could be asked
    std::string problem;                            ///< why there is no configuration
};

/// Something with an end: a certificate or a revocation list in use.
struct HealthEnd {
    std::string what;  ///< "TLS certificate of peer0.org1.example.com"
    absl::Time at;
    bool isList = false;
};

/// All that the rules look at.
struct HealthFacts {
    absl::Time now;
    std::vector<HealthChannel> channels;
    std::vector<HealthEnd> ends;
};

/// A rule as documentation lists it.
struct HealthRule {
    std::string_view id;
    HealthSeverity severity;
    std::string_view title;   ///< what is wrong
    std::string_view remedy;  ///< what to do
};

struct HealthFinding {
    const HealthRule* rule = nullptr;
    std::string subject;   ///< channel, organisation or node
    std::string sentence;  ///< what was found
};

/// In the order of the documentation.
const std::vector<const HealthRule*>& healthRules();

/// Looks at a network with every rule. Works on facts alone and asks nobody.
class HealthExam {
public:
    /// The worst first, then in the order of the rules.
    std::vector<HealthFinding> run(const HealthFacts& facts) const;
};

}  // namespace chancery::usecase
