#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/MockLedger.h"

namespace chancery::test {

/// A contract of resources/contracts with a ledger of its own.
class Sample {
public:
    explicit Sample(const std::string& name)
        : m_host(startContractFolder(CHANCERY_CONTRACTS "/" + name)), m_ledger(*m_host) {}

    MockLedger& ledger() { return m_ledger; }

    /// Submits; the JSON of the answer, or the error as JSON text. What was announced last.
    nlohmann::json submit(const Person& by, std::vector<Bytes> args,
                          std::map<std::string, Bytes> transient = {}) {
        return read(m_ledger.submit(by, std::move(args), std::move(transient)));
    }
    nlohmann::json evaluate(const Person& by, std::vector<Bytes> args,
                            std::map<std::string, Bytes> transient = {}) {
        return read(m_ledger.evaluate(by, std::move(args), std::move(transient)));
    }
    /// The code in front of a refusal; the whole answer when it is none. Nothing may have been
    /// written.
    std::string refusal(const Person& by, std::vector<Bytes> args,
                        std::map<std::string, Bytes> transient = {}) {
        const auto before = m_ledger.state();
        const ContractOutcome outcome = m_ledger.submit(by, std::move(args), std::move(transient));
        if (outcome.ok()) return "accepted: " + outcome.payload;
        if (m_ledger.state() != before) return "wrote something";
        sentence = outcome.message;
        return outcome.message.substr(0, outcome.message.find(':'));
    }

    std::string sentence;  ///< of the last refusal
    std::string event;     ///< "Name {…}" of the last call, or empty

private:
    nlohmann::json read(const ContractOutcome& outcome) {
        event = outcome.eventName.empty() ? "" : outcome.eventName + " " + outcome.eventPayload;
        if (!outcome.ok()) return outcome.message;
        auto json = nlohmann::json::parse(outcome.payload, nullptr, false);
        return json.is_discarded() ? nlohmann::json(outcome.payload) : json;
    }

    std::unique_ptr<node::contract::ContractHost> m_host;
    MockLedger m_ledger;
};

/// A member as text: QCOMPARE shows it.
inline std::string at(const nlohmann::json& json, const std::string& pointer) {
    const nlohmann::json::json_pointer where(pointer);
    if (!json.is_structured() || !json.contains(where)) return "missing in " + json.dump();
    return json[where].is_string() ? json[where].get<std::string>() : json[where].dump();
}

}  // namespace chancery::test
