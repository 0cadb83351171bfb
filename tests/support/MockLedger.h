#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/FakePeer.h"

namespace chancery::test {

/// A peer with a state in memory: answers every question of a contract, and writes what a submitted
/// transaction wrote when it succeeded. Queries by equality of members only.
class MockLedger {
public:
    explicit MockLedger(node::contract::ContractHost& host);

    ContractOutcome submit(const ContractCall& call);
    /// Nothing is written.
    ContractOutcome evaluate(const ContractCall& call);
    /// submit(args by person).
    ContractOutcome submit(const Person& by, std::vector<Bytes> args,
                           std::map<std::string, Bytes> transient = {});
    ContractOutcome evaluate(const Person& by, std::vector<Bytes> args,
                             std::map<std::string, Bytes> transient = {});

    void setTime(absl::Time time) { m_time = time; }
    /// Rows per answer of a query, as peers send them in batches.
    void setBatch(std::size_t rows) { m_batch = rows; }
    /// What other contracts answer.
    std::function<ContractOutcome(const std::string& name, const std::vector<Bytes>& args)> other;

    const std::map<std::string, Bytes>& state() const { return m_state; }
    const std::map<std::string, Bytes>& privateData(const std::string& collection) {
        return m_private[collection];
    }

private:
    using Message = FakePeer::Message;
    using Rows = std::vector<std::pair<std::string, Bytes>>;
    struct Write {
        std::string collection, key;
        std::optional<Bytes> value;  ///< none: delete
    };
    struct Version {
        std::string txId;
        absl::Time at;
        std::optional<Bytes> value;
    };

    std::optional<Message> answer(const Message& question);
    Message answerRange(const Message& question);
    Message answerQuery(const Message& question);
    Message answerHistory(const Message& question);
    Message answerInvocation(const Message& question);
    Message answerMetadata(const Message& question);
    Message write(const Message& question, Write write);
    Message page(const Message& question, Rows rows, const Bytes& metadata, bool byKey);
    Message batch(const Message& question, const std::string& id);
    const std::map<std::string, Bytes>& space(const std::string& collection);

    absl::Time m_time = absl::FromUnixSeconds(1'795'000'000);
    std::size_t m_batch = 100;
    std::map<std::string, Bytes> m_state;
    std::map<std::string, std::map<std::string, Bytes>> m_private;
    std::map<std::string, Bytes> m_policies;  // by collection and key
    std::map<std::string, std::vector<Version>> m_history;
    std::map<std::string, std::vector<Write>> m_writes;  // of running transactions
    std::map<std::string, std::vector<Bytes>> m_open;    // rows of queries, encoded
    int m_queries = 0;
    FakePeer m_peer;  // the last: it calls this object
};

}  // namespace chancery::test
