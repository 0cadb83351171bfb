#include "fabric/peer/events.pb.h"
#include "node/deliver/Rendering.h"
#include "src/protocol/BlockFile.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using namespace chancery::test;

/// Filtered blocks of the golden chain: ids, types, codes and events without payload.
class FilteredBlocksTest : public QObject {
    Q_OBJECT
private slots:
    void goldenChain();
    void damagedTransactions();
};

namespace {

::protos::FilteredBlock filtered(const protocol::Block& block) {
    const ChannelId channel("any");
    const auto bytes = filteredBlocks()->render(nullptr, block, {channel, {}, false});
    ::protos::DeliverResponse response;
    if (!bytes.ok() || !response.ParseFromString(*bytes)) return {};
    return response.filtered_block();
}

}  // namespace

void FilteredBlocksTest::goldenChain() {
    auto source = protocol::openBlocks(vectorPath("ledger/blocks"));
    VERIFY_OK(source);
    std::size_t transactions = 0, events = 0;
    while (true) {
        const auto next = (*source)->next();
        VERIFY_OK(next);
        if (!*next) break;
        const protocol::Block& block = (*next)->block;
        const auto result = filtered(block);
        QCOMPARE(result.number(), block.number());
        QCOMPARE(std::size_t(result.filtered_transactions_size()), block.transactionCount());
        const auto codes = block.validationCodes();
        for (std::size_t i = 0; i < block.transactionCount(); ++i) {
            const auto transaction = block.transaction(i);
            const auto& out = result.filtered_transactions(int(i));
            QCOMPARE(out.txid(), std::string(transaction.channelHeader.txId));
            QCOMPARE(int(out.type()), int(transaction.channelHeader.type));
            QCOMPARE(
                int(out.tx_validation_code()),
                i < codes.size() ? int(codes[i]) : int(protocol::ValidationCode::NotValidated));
            QCOMPARE(out.has_transaction_actions(), transaction.isEndorserTransaction());
            QCOMPARE(result.channel_id(), std::string(transaction.channelHeader.channelId));
            for (const auto& action : out.transaction_actions().chaincode_actions()) {
                QVERIFY(!action.chaincode_event().chaincode_id().empty());
                QVERIFY(action.chaincode_event().payload().empty());
                ++events;
            }
            ++transactions;
        }
    }
    QVERIFY(transactions > 100);
    QVERIFY(events > 0);
}

void FilteredBlocksTest::damagedTransactions() {
    const auto block = protocol::Block::parse(vectorFile("ledger/blocks/block_5.pb"));
    VERIFY_OK(block);
    Bytes damaged(block->envelopes()[0]);
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 0xFF);
    const std::vector<BytesView> envelopes{"", "\xff", damaged, block->envelopes()[0]};
    const protocol::Block odd(block->owner(), block->header(), envelopes, block->metadataEntries());
    const auto result = filtered(odd);
    QVERIFY(result.filtered_transactions_size() >= 1);
    QCOMPARE(result.filtered_transactions(result.filtered_transactions_size() - 1).txid(),
             std::string(block->transaction(0).channelHeader.txId));
}

CHANCERY_TEST(FilteredBlocksTest)
#include "FilteredBlocksTest.moc"
