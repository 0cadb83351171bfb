#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::load {

/// What the places of an argument are filled with.
struct ArgumentValues {
    std::string_view run;      ///< name of this run, so that its keys are its own
    std::uint64_t number = 0;  ///< of the transaction, from 0 on
    std::size_t client = 0;    ///< index of the identity that signs
};

/// An argument of a contract call with places that are filled anew for each transaction:
///   {n}         number of the transaction
///   {run}       name of the run
///   {client}    index of the identity
///   {random:N}  a number below N
///   {bytes:N}   N letters and digits, others each time
/// `{{` and `}}` stand for single braces.
class ArgumentTemplate {
public:
    static constexpr std::size_t kMaxText = 64U << 10;
    static constexpr std::uint64_t kMaxBytes = 16U << 20;  ///< of all {bytes:N} of an argument

    /// INVALID_ARGUMENT (BAD_TEMPLATE) with `offset`.
    static Result<ArgumentTemplate> parse(std::string_view text);

    /// Random parts are the same for the same values.
    Bytes fill(const ArgumentValues& values) const;

private:
    enum class Kind { Text, Number, Run, Client, Random, Letters };
    struct Part {
        Kind kind = Kind::Text;
        std::string text;
        std::uint64_t size = 0;
    };

    Status readPlace(std::string_view place, std::size_t offset);

    std::vector<Part> m_parts;
};

}  // namespace chancery::load
