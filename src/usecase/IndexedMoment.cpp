#include "src/usecase/IndexedMoment.h"

namespace chancery::usecase {

Result<std::unique_ptr<IndexedMoment>> IndexedMoment::before(const index::View& view,
                                                             index::BlockPtr block) {
    const BlockNumber number = block->block.number();
    std::unique_ptr<IndexedMoment> moment(
        new IndexedMoment(view.stateBefore(number), std::move(block)));
    // Nothing is known before the first block of a chain, not even that it is empty.
    moment->m_stateKnown = number > 0 && view.stateKnownBefore(number);
    ASSIGN_OR_RETURN(moment->m_bundle, view.bundleBefore(number));
    return moment;
}

Result<const Judgement*> IndexedMoment::judge() {
    if (m_judgement) return &*m_judgement;
    if (!m_bundle || !m_stateKnown || m_block->block.number() == 0)
        return makeError(StatusCode::kFailedPrecondition, "STATE_UNKNOWN",
                         "the state or the configuration before this block is not known");
    verify::PreparedBlock prepared = verify::Validator::prepare(m_block->block, m_bundle);
    verify::Validator validator(m_bundle, m_state);
    const auto recorded = m_block->block.validationCodes();
    ASSIGN_OR_RETURN(verify::BlockVerdict verdict, validator.validate(prepared, recorded));
    m_judgement = Judgement{std::move(prepared), std::move(verdict)};
    return &*m_judgement;
}

}  // namespace chancery::usecase
