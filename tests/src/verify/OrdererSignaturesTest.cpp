#include "src/verify/OrdererSignatures.h"

#include "fabric/common/common.pb.h"
#include "src/protocol/BlockBuilder.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"
#include "tests/src/verify/Ledger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;

constexpr std::size_t kFourOrderers = 4;

class OrdererSignaturesTest : public QObject {
    Q_OBJECT

private:
    /// The block with other signatures in slot 0.
    template <class Change>
    static protocol::Block withSignatures(const protocol::Block& block, const Change& change) {
        auto metadata = wire::parse<common::Metadata>(
            block.metadata(protocol::MetadataSlot::Signatures), "metadata");
        if (!metadata.ok()) throw std::runtime_error(metadata.status().ToString());
        change(*metadata);
        return protocol::withMetadata(block, protocol::MetadataSlot::Signatures,
                                      wire::serialize(*metadata));
    }

private slots:
    // Which subsets of its signatures are enough for a block of four BFT orderers.
    void quorumsOfBftOrderers() {
        const auto blocks = blocksOf("bft/blocks");
        std::size_t rows = 0;
        verify::ChainVerifier verifier;
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            const auto& facts = bftFacts()["blocks"][i];
            const auto& block = blocks[i].block;
            if (i > 0) {
                const channel::Bundle& bundle = *verifier.state().bundle;
                const auto whole = verify::checkOrdererSignatures(block, bundle);
                QCOMPARE(whole.status.ok(), facts["verifies"].get<bool>());
                QCOMPARE(whole.checked, facts["signatures"].size());
                QCOMPARE(whole.refused.size(), std::size_t{0});
                std::size_t kept = 0;
                for (const auto& row : facts["subsets"]) {
                    ++rows;
                    // None, one, two … and then one of them as often as there are signatures.
                    if (row.contains("signatures_kept"))
                        QCOMPARE(row["signatures_kept"].get<std::size_t>(), kept++);
                    else
                        QCOMPARE(row["first_signature_repeated"].get<std::size_t>(), kFourOrderers);
                    const auto changed = withSignatures(block, [&](common::Metadata& metadata) {
                        auto& signatures = *metadata.mutable_signatures();
                        if (row.contains("signatures_kept")) {
                            const int kept = row["signatures_kept"].get<int>();
                            signatures.DeleteSubrange(kept, signatures.size() - kept);
                            return;
                        }
                        const auto first = signatures[0];
                        signatures.Clear();
                        for (int n = row["first_signature_repeated"].get<int>(); n > 0; --n)
                            *signatures.Add() = first;
                    });
                    const auto verdict = verify::checkOrdererSignatures(changed, bundle);
                    QVERIFY2(verdict.status.ok() == row["verifies"].get<bool>(),
                             row.dump().c_str());
                }
            }
            BlockList one({blocks[i]});
            verifier.verify(one);
        }
        QVERIFY(rows > 60);
    }

    void aStrangersSignatureAndAnUnknownConsenter() {
        const auto blocks = blocksOf("bft/blocks");
        const auto report = verified({blocks[0], blocks[1]});
        QVERIFY(report.good());
        verify::ChainVerifier verifier;
        BlockList first({blocks[0]});
        verifier.verify(first);
        const auto changed = withSignatures(blocks[1].block, [](common::Metadata& metadata) {
            common::IdentifierHeader header;
            header.set_identifier(77);
            auto& added = *metadata.add_signatures();
            added.set_identifier_header(wire::serialize(header));
            added.set_signature("x");
        });
        const auto verdict = verify::checkOrdererSignatures(changed, *verifier.state().bundle);
        QVERIFY(verdict.status.ok());
        QCOMPARE(verdict.refused.size(), std::size_t{1});
        QCOMPARE(verdict.refused[0].index, std::size_t{3});
        QVERIFY(verdict.refused[0].why.english.find("no consenter 77") != std::string::npos);
    }

    void aGoodBlockWithABadSignatureIsAWarning() {
        const auto two = blockOf("ledger/blockcheck/two_signatures_first_foreign.pb");
        const auto verdict = verify::checkOrdererSignatures(two.block, *after277().bundle);
        QVERIFY(verdict.status.ok());
        // Both signatures are good; the admin's is just not an orderer's, which the policy judges.
        QCOMPARE(verdict.checked, std::size_t{2});
        const auto broken = withSignatures(two.block, [](common::Metadata& metadata) {
            metadata.mutable_signatures(0)->set_signature("x");
        });
        const auto report = verified({sourced(broken)}, after277());
        QVERIFY2(has(report, "ORDERER_SIGNATURE_REFUSED"),
                 listed(report, verify::Severity::Note).c_str());
        QVERIFY(report.good());
    }

    void unreadableMetadata() {
        const auto block = blockOf("ledger/blockcheck/good.pb").block;
        const auto changed =
            protocol::withMetadata(block, protocol::MetadataSlot::Signatures, "\xff\xff");
        const auto verdict = verify::checkOrdererSignatures(changed, *after277().bundle);
        QCOMPARE(reasonOf(verdict.status), std::string("BAD_SIGNATURE_METADATA"));
        QVERIFY(has(verified({sourced(changed)}, after277()), "BAD_SIGNATURE_METADATA"));
    }
};

CHANCERY_TEST(OrdererSignaturesTest)
#include "OrdererSignaturesTest.moc"
