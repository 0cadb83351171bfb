#include "tests/bench/ledger/GenerateLedger.h"

#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "fabric/common/configtx.pb.h"
#include "src/base/TaskPool.h"
#include "src/channel/Bundle.h"
#include "src/channel/Genesis.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/BlockFile.h"
#include "src/protocol/ReadWriteSetBuilder.h"
#include "tests/bench/ledger/Business.h"
#include "tests/bench/ledger/Consortium.h"
#include "tests/bench/ledger/Definitions.h"

namespace chancery::bench {
namespace {

using protocol::UpdateBatch;
using protocol::ValidationCode;

constexpr std::size_t kBlocksAtOnce = 16;
constexpr std::size_t kContracts = 2;
constexpr absl::Duration kPeriod = absl::Hours(24 * 30);

// Monday, 5 January 2026, 06:00 UTC
absl::Time beginning() {
    return absl::FromUnixSeconds(1'767'592'800);
}

/// A block whose envelopes may not be made yet.
struct PlannedBlock {
    std::vector<BusinessCall> calls;
    std::vector<Bytes> envelopes;
    std::vector<ValidationCode> codes;
    UpdateBatch updates;
    absl::Time time;
};

/// Makes blocks of envelopes: links, orderer's signature, what a peer adds, file.
class Chain {
public:
    Chain(const Consortium& consortium, const std::filesystem::path& folder, std::uint64_t seed)
        : m_consortium(consortium), m_writer(folder), m_random(seed) {}

    Status begin(const protocol::Block& genesis) {
        const ValidationCode valid = ValidationCode::Valid;
        m_last = protocol::withValidationCodes(genesis, {&valid, 1});
        count({&valid, 1}, 1);
        return m_writer.append(*m_last);
    }

    Status add(PlannedBlock block, bool config = false) {
        const BlockNumber number = m_last->number() + 1;
        if (config) m_lastConfig = number;
        const protocol::Block plain =
            protocol::buildBlock(number, m_last->header().hash(), std::move(block.envelopes));
        const Bytes raft = protocol::encodeRaftMetadata(
            {.consenterIds = {1}, .nextConsenterId = 2, .raftIndex = number + 3});
        const auto& orderer = m_consortium.orderers.node;
        ASSIGN_OR_RETURN(const auto ordered,
                         protocol::signBlock(
                             plain, m_lastConfig, raft, orderer->serialized(), m_random.bytes(24),
                             [&](BytesView message) { return orderer->sign(message); }));
        m_commitHash =
            protocol::computeCommitHash(block.codes, block.updates.serialize(), m_commitHash);
        m_last = protocol::withCommitHash(protocol::withValidationCodes(ordered, block.codes),
                                          m_commitHash);
        count(block.codes, m_last->transactionCount());
        return m_writer.append(*m_last);
    }

    BlockNumber next() const { return m_last->number() + 1; }

    Result<GeneratedLedger> finish() {
        RETURN_IF_ERROR(m_writer.finish());
        m_made.lastBlockHash = m_last->header().hash();
        m_made.lastCommitHash = m_commitHash;
        return m_made;
    }

    GeneratedLedger& made() { return m_made; }

private:
    void count(std::span<const ValidationCode> codes, std::size_t transactions) {
        ++m_made.blocks;
        m_made.transactions += transactions;
        for (const ValidationCode code : codes) ++m_made.codes[code];
    }

    const Consortium& m_consortium;
    protocol::BlockFileWriter m_writer;
    SeededRandom m_random;
    std::optional<protocol::Block> m_last;
    BlockNumber m_lastConfig = 0;
    Bytes m_commitHash;
    GeneratedLedger m_made;
};

class Generator {
public:
    Generator(const GenerateLedgerRequest& request, const Consortium& consortium,
              SeededRandom& random)
        : m_request(request),
          m_consortium(consortium),
          m_random(random),
          m_chain(consortium, request.folder, request.seed + 1),
          m_business(consortium.organisations.size(),
                     std::min(request.accounts, request.transactions / 5 / 10 * 10 + 10), random),
          m_pool("generate",
                 request.threads == 0 ? std::thread::hardware_concurrency() : request.threads) {}

    Result<GeneratedLedger> run() {
        RETURN_IF_ERROR(begin());
        RETURN_IF_ERROR(define());
        const std::size_t before = blocksBeforeBusiness(m_consortium.organisations.size());
        std::size_t blocks = m_request.blocks - before - 1;  // one is a configuration
        const std::size_t half = blocks / 2;
        RETURN_IF_ERROR(business(half));
        RETURN_IF_ERROR(changeConfig());
        RETURN_IF_ERROR(business(blocks - half));
        return m_chain.finish();
    }

private:
    Status begin() {
        ASSIGN_OR_RETURN(const auto genesis,
                         channel::makeGenesisBlock(m_consortium.channelToMake(), m_time, m_random));
        const protocol::Transaction transaction = genesis.transaction(0);
        if (!transaction.config || !transaction.config->message)
            return makeError(StatusCode::kInternal, "NO_GENESIS",
                             "the genesis block is unreadable");
        ASSIGN_OR_RETURN(m_bundle,
                         channel::Bundle::fromConfig(m_consortium.channel,
                                                     transaction.config->message->config()));
        return m_chain.begin(genesis);
    }

    /// One transaction in a block of its own.
    Status addAlone(EndorsedCall call, UpdateBatch updates) {
        call.nonce = m_random.bytes(24);
        call.time = m_time += absl::Seconds(30);
        ASSIGN_OR_RETURN(Bytes envelope, makeTransaction(m_consortium.channel, call));
        m_chain.made().endorsements += call.endorsers.size();
        PlannedBlock block;
        block.envelopes.push_back(std::move(envelope));
        block.codes = {ValidationCode::Valid};
        block.updates = std::move(updates);
        return m_chain.add(std::move(block));
    }

    Status define() {
        ASSIGN_OR_RETURN(auto plans, contractsOf(m_consortium));
        for (ContractPlan& plan : plans) {
            m_versions.push_back(plan.definition.version);
            for (std::size_t i = 0; i < m_consortium.organisations.size(); ++i) {
                UpdateBatch updates;
                ASSIGN_OR_RETURN(auto call,
                                 approvalOf(plan, m_consortium, i, {m_chain.next(), 0}, updates));
                RETURN_IF_ERROR(addAlone(std::move(call), std::move(updates)));
            }
            UpdateBatch updates;
            ASSIGN_OR_RETURN(auto call,
                             definitionOf(plan, m_consortium, {m_chain.next(), 0}, updates));
            RETURN_IF_ERROR(addAlone(std::move(call), std::move(updates)));
        }
        return absl::OkStatus();
    }

    Status changeConfig() {
        m_time += absl::Seconds(10);
        ASSIGN_OR_RETURN(Bytes envelope,
                         m_consortium.configUpdate(*m_bundle, 1000, m_time, m_random));
        PlannedBlock block;
        block.envelopes.push_back(std::move(envelope));
        block.codes = {ValidationCode::Valid};
        return m_chain.add(std::move(block), true);
    }

    PlannedBlock plan(BlockNumber number, std::size_t transactions, absl::Duration apart) {
        PlannedBlock block;
        m_time += apart * (0.25 + 1.5 * static_cast<double>(m_random.below(1000)) / 1000);
        block.time = m_time;
        for (std::size_t i = 0; i < transactions; ++i) block.calls.push_back(m_business.next());
        block.updates = m_business.commit(number, block.calls);
        for (const BusinessCall& call : block.calls) block.codes.push_back(call.code);
        block.envelopes.resize(block.calls.size());
        return block;
    }

    Status business(std::size_t blocks) {
        std::vector<PlannedBlock> ready;
        BlockNumber number = m_chain.next();
        const std::size_t all =
            m_request.blocks - blocksBeforeBusiness(m_consortium.organisations.size()) - 1;
        const absl::Duration apart = kPeriod / static_cast<double>(all);
        const BlockNumber end = number + blocks;
        while (number < end || !ready.empty()) {
            std::vector<PlannedBlock> planned;
            for (; number < end && planned.size() < kBlocksAtOnce; ++number)
                planned.push_back(plan(number, share(all), apart));
            RETURN_IF_ERROR(makeAll(planned, ready));
            if (m_request.progress) m_request.progress(m_done);
            ready = std::move(planned);
        }
        return absl::OkStatus();
    }

    /// Transactions of the next block: around what is left for each of the blocks that are left.
    std::size_t share(std::size_t blocks) {
        const std::size_t left = m_request.transactions - m_done;
        const std::size_t blocksLeft = blocks - m_blocksDone++;
        const std::size_t mean = left / blocksLeft;
        std::size_t now = mean == 0 ? left : mean / 2 + 1 + m_random.below(mean);
        if (blocksLeft == 1) now = left;
        // A block is never empty, and enough is left for the others.
        now = std::max<std::size_t>(1, std::min(now, left - std::min(left, blocksLeft - 1)));
        m_done += now;
        return now;
    }

    /// Envelopes of `planned` on all threads; meanwhile one of them writes `ready`.
    Status makeAll(std::vector<PlannedBlock>& planned, std::vector<PlannedBlock>& ready) {
        std::vector<std::pair<std::size_t, std::size_t>> places;
        for (std::size_t b = 0; b < planned.size(); ++b)
            for (std::size_t i = 0; i < planned[b].calls.size(); ++i) places.emplace_back(b, i);
        std::mutex mutex;
        Status fault;
        m_pool.forEach(places.size() + 1, [&](std::size_t index) {
            const Status status =
                index == 0 ? addAll(ready)
                           : makeOne(planned[places[index - 1].first], places[index - 1].second);
            if (status.ok()) return;
            const std::lock_guard lock(mutex);
            fault.Update(status);
        });
        return fault;
    }

    Status addAll(std::vector<PlannedBlock>& ready) {
        for (PlannedBlock& block : ready) {
            for (const BusinessCall& call : block.calls)
                m_chain.made().endorsements += call.endorsers.size();
            RETURN_IF_ERROR(m_chain.add(std::move(block)));
        }
        ready.clear();
        return absl::OkStatus();
    }

    Status makeOne(PlannedBlock& block, std::size_t index) const {
        const BusinessCall& plan = block.calls[index];
        protocol::ReadWriteSetBuilder set;
        for (const auto& [key, version] : plan.reads)
            RETURN_IF_ERROR(set.read(plan.contract, key.text(), version));
        for (const auto& write : plan.writes)
            RETURN_IF_ERROR(set.write(plan.contract, write.key.text(), write.value));
        if (plan.secret)
            RETURN_IF_ERROR(set.privateWrite(plan.contract, (*plan.secret)[0], (*plan.secret)[1],
                                             (*plan.secret)[2]));
        EndorsedCall call;
        call.contract = plan.contract;
        call.version = m_versions[call.contract == "wallet" ? 0 : 1];
        call.arguments.push_back(plan.function);
        call.arguments.insert(call.arguments.end(), plan.arguments.begin(), plan.arguments.end());
        call.results = set.build().publicSet;
        if (plan.event != nullptr) call.eventName = plan.event;
        call.eventPayload = plan.eventPayload;
        const auto& organisations = m_consortium.organisations;
        call.client = organisations[plan.organisation].clients[plan.client].get();
        for (const std::size_t endorser : plan.endorsers)
            call.endorsers.push_back(organisations[endorser].node.get());
        call.nonce = plan.nonce;
        call.time = block.time - absl::Milliseconds(7 * (block.calls.size() - index));
        ASSIGN_OR_RETURN(block.envelopes[index], makeTransaction(m_consortium.channel, call));
        return absl::OkStatus();
    }

    const GenerateLedgerRequest& m_request;
    const Consortium& m_consortium;
    SeededRandom& m_random;
    Chain m_chain;
    Business m_business;
    TaskPool m_pool;
    channel::BundlePtr m_bundle;
    std::vector<std::string> m_versions;  // of the contracts
    absl::Time m_time = beginning();
    std::size_t m_done = 0, m_blocksDone = 0;
};

}  // namespace

std::size_t blocksBeforeBusiness(std::size_t organisations) {
    return 1 + kContracts * (organisations + 1);
}

Result<GeneratedLedger> generateLedger(const GenerateLedgerRequest& request) {
    const std::size_t least = blocksBeforeBusiness(request.organisations) + 3;
    if (request.organisations == 0 || request.blocks < least ||
        request.transactions < request.blocks)
        return makeError(StatusCode::kInvalidArgument, "TOO_FEW_BLOCKS",
                         fmt::format("{} organisations need at least {} blocks, and no fewer "
                                     "transactions than blocks",
                                     request.organisations, least));
    std::error_code fault;
    std::filesystem::create_directories(request.folder, fault);
    if (std::filesystem::exists(request.folder / "blockfile_000000", fault))
        return makeError(StatusCode::kAlreadyExists, "FILE_EXISTS",
                         "there are block files in " + request.folder.string());
    SeededRandom random(request.seed);
    ASSIGN_OR_RETURN(
        const Consortium consortium,
        Consortium::make(request.organisations, beginning() - absl::Hours(24), random));
    return Generator(request, consortium, random).run();
}

}  // namespace chancery::bench
