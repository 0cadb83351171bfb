#pragma once

#include "src/verify/State.h"

namespace chancery::verify {

/// Stands for a state of which nothing is known: reading a key fails (FAILED_PRECONDITION,
/// STATE_UNKNOWN). Metadata read as none, for nothing that is computed without a state shows them.
class UnknownState final : public StateReader {
public:
    Result<std::optional<StateValue>> get(std::string_view, std::string_view) const override {
        return unknown();
    }
    Result<std::optional<Version>> version(std::string_view, std::string_view) const override {
        return unknown();
    }
    Result<Bytes> metadata(std::string_view, std::string_view) const override { return Bytes(); }
    Result<std::unique_ptr<StateCursor>> range(std::string_view, std::string_view,
                                               std::string_view) const override {
        return unknown();
    }
    Result<bool> hasTransaction(std::string_view) const override { return unknown(); }

private:
    static Status unknown() {
        return makeError(StatusCode::kFailedPrecondition, "STATE_UNKNOWN",
                         "the state of the ledger is not known");
    }
};

}  // namespace chancery::verify
