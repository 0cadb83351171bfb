#pragma once

#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/verify/Contracts.h"
#include "src/verify/State.h"
#include "src/verify/Validator.h"

namespace chancery::usecase {

/// A block as a peer judges it, with its signatures checked.
struct Judgement {
    verify::PreparedBlock prepared;
    verify::BlockVerdict verdict;
};

/// What a block of a ledger meets: the state and the configuration before it. One thread at a time.
class LedgerMoment {
public:
    virtual ~LedgerMoment() = default;
    virtual const verify::StateReader& state() const = 0;
    virtual bool stateKnown() const = 0;
    virtual const channel::BundlePtr& bundle() const = 0;  ///< null: not known
    virtual verify::Contracts& contracts() = 0;
    /// The block judged; computed once. FAILED_PRECONDITION (STATE_UNKNOWN) when state or
    /// configuration are not known, and for the first block.
    virtual Result<const Judgement*> judge() = 0;
};

}  // namespace chancery::usecase
