#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/base/Status.h"
#include "src/usecase/CertificateDrafts.h"

namespace chancery::usecase {

/// What a revocation list asks of one channel.
struct ChannelRevocation {
    enum class Outcome {
        Drafted,    ///< `draft` has to be signed and submitted
        Present,    ///< the channel has this list already
        NotMember,  ///< the organisation is not in the channel
        Failed,     ///< `problem`
    };
    ChannelId channel;  ///< empty when the file does not say
    std::string place;  ///< where the configuration came from
    Outcome outcome = Outcome::Failed;
    std::optional<CertificateDraft> draft;
    Status problem;
};
/// Stable: "drafted", "present", "not_member", "failed".
std::string_view nameOf(ChannelRevocation::Outcome outcome);

/// Brings a revocation list to every channel of an organisation: a revoked identity is refused only
/// where the channel's own configuration has the list.
class RevocationDrafts {
public:
    /// One row for each configuration, in their order; one that cannot be used stops none of the
    /// others. INVALID_ARGUMENT (BAD_CRL) when there is no list.
    Result<std::vector<ChannelRevocation>> run(const MspId& mspId, BytesView crl,
                                               const std::vector<Result<ConfigFile>>& configs,
                                               const std::vector<std::string>& places) const;
};

}  // namespace chancery::usecase
