#pragma once

#include <optional>

#include "src/index/View.h"
#include "src/usecase/LedgerMoment.h"

namespace chancery::usecase {

/// What a block of an indexed ledger meets. Lives no longer than the view. One thread at a time.
class IndexedMoment final : public LedgerMoment {
public:
    static Result<std::unique_ptr<IndexedMoment>> before(const index::View& view,
                                                         index::BlockPtr block);

    const verify::StateReader& state() const override { return m_state; }
    bool stateKnown() const override { return m_stateKnown; }
    const channel::BundlePtr& bundle() const override { return m_bundle; }
    verify::Contracts& contracts() override { return m_contracts; }
    Result<const Judgement*> judge() override;

private:
    IndexedMoment(index::StateAt state, index::BlockPtr block)
        : m_state(std::move(state)), m_block(std::move(block)) {}

    index::StateAt m_state;
    index::BlockPtr m_block;
    bool m_stateKnown = false;
    channel::BundlePtr m_bundle;
    verify::Contracts m_contracts;
    std::optional<Judgement> m_judgement;
};

}  // namespace chancery::usecase
