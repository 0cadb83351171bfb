#include "tests/node/ledger/LedgerMaker.h"

#include <stdexcept>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/protocol/BlockBuilder.h"

namespace chancery::test {
namespace {

void mustBeWritten(const Status& status) {
    if (!status.ok()) throw std::runtime_error(status.ToString());
}

BlockNumber endOf(std::string_view collection, BlockNumber block) {
    return collection == "short" ? block + 3 : 0;
}

}  // namespace

LedgerMaker::LedgerMaker(std::filesystem::path folder, node::ChannelLedger::Options options)
    : m_folder(std::move(folder)), m_options(std::move(options)) {
    reopen();
    if (m_ledger->height() != 0) return;
    commit([](protocol::ReadWriteSetBuilder& set) {
        protocol::ChaincodeDefinition definition{.sequence = 1, .version = "1"};
        definition.endorsementPlugin = "escc";
        definition.validationPlugin = "vscc";
        definition.validationParameter = "\x12\x01x";
        definition.collections = {{.name = "short", .blockToLive = 2}, {.name = "long"}};
        definition.collectionsBytes = protocol::encodeCollections(definition.collections).value();
        for (const auto& entry : protocol::encodeDefinition("cc", definition))
            mustBeWritten(set.write("_lifecycle", entry.key, entry.value));
    });
}

void LedgerMaker::reopen() {
    m_ledger.reset();
    auto opened = node::ChannelLedger::open(m_folder, ChannelId("made"), m_options, {});
    mustBeWritten(opened.status());
    m_ledger = *std::move(opened);
}

node::Commit LedgerMaker::make(std::vector<Tx>& transactions) {
    const BlockNumber number = m_ledger->height();
    std::vector<Bytes> envelopes;
    std::vector<protocol::ValidationCode> codes;
    std::vector<TxId> ids;
    std::vector<node::PrivateWrites> privateWrites;
    std::vector<node::MissingPrivateData> missing;
    std::vector<const protocol::ReadWriteSet*> sets;
    m_updates = std::make_unique<verify::PendingUpdates>();
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        protocol::ReadWriteSetBuilder builder;
        transactions[i].body(builder);
        auto output = builder.build();
        m_bytes.push_back(std::make_unique<Bytes>(std::move(output.publicSet)));
        m_sets.push_back(std::make_unique<protocol::ReadWriteSet>(
            protocol::decodeReadWriteSet(BytesView(*m_bytes.back())).value()));
        envelopes.push_back(fmt::format("envelope {} {}", number, i));
        codes.push_back(transactions[i].code);
        ids.emplace_back(toHex(crypto::sha256(envelopes.back())));
        sets.push_back(m_sets.back().get());
        if (transactions[i].code != protocol::ValidationCode::Valid) continue;
        mustBeWritten(
            m_updates->apply(*m_sets.back(), {number, i}, m_ledger->writerView()).status());
        const BytesView clear(output.privateSet);
        const auto privateSets = protocol::decodePrivateReadWriteSet(clear).value();
        for (const auto& one : privateSets) {
            node::PrivateWrites writes{i, std::string(one.namespaceName),
                                       std::string(one.collection), Bytes(one.bytes),
                                       endOf(one.collection, number)};
            if (transactions[i].withPrivateData) {
                privateWrites.push_back(std::move(writes));
            } else {
                missing.push_back({number, i, writes.ns, writes.collection});
                m_withheld[number].push_back(std::move(writes));
            }
        }
    }
    auto block = protocol::buildBlock(number, m_ledger->blocks().lastHash(), envelopes);
    block = protocol::withCommitHash(protocol::withValidationCodes(block, codes), "hash");
    return {block, m_updates.get(), ids, privateWrites, missing, sets};
}

BlockNumber LedgerMaker::commit(std::vector<Tx> transactions) {
    const node::Commit commit = make(transactions);
    mustBeWritten(m_ledger->commit(commit));
    return commit.block.number();
}

void LedgerMaker::skip(int blocks) {
    for (; blocks > 0; --blocks) commit([](protocol::ReadWriteSetBuilder&) {});
}

std::vector<node::PrivateWrites> LedgerMaker::withheld(BlockNumber block) const {
    const auto found = m_withheld.find(block);
    return found == m_withheld.end() ? std::vector<node::PrivateWrites>() : found->second;
}

}  // namespace chancery::test
