// Queries from anywhere: what is read prints, what is printed reads as the same terms, places lie
// in the text, and completion lives with everything.
#include <cstdlib>

#include "src/usecase/LedgerQuery.h"

using namespace chancery;
using namespace chancery::usecase;

namespace {

constexpr std::int64_t kNow = 1'773'757'927'000'000'000;

void expect(bool holds) {
    if (!holds) std::abort();
}

LedgerQuery withoutPlaces(LedgerQuery query) {
    for (LedgerTerm& term : query.terms) term.begin = term.end = 0;
    return query;
}

void read(std::string_view text) {
    const auto query = parseLedgerQuery(text, kNow);
    if (!query.ok()) {
        expect(reasonOf(query.status()) == "QUERY_SYNTAX");
        const auto begin = std::strtoull(argumentOf(query.status(), "begin").c_str(), nullptr, 10);
        const auto end = std::strtoull(argumentOf(query.status(), "end").c_str(), nullptr, 10);
        expect(begin <= end && end <= text.size());
        return;
    }
    for (const LedgerTerm& term : query->terms)
        expect(term.begin < term.end && term.end <= text.size());
    const std::string printed = textOf(*query);
    if (printed.size() > 4096) return;  // escapes are longer than what they stand for
    const auto again = parseLedgerQuery(printed, kNow);
    expect(again.ok() && withoutPlaces(*again) == withoutPlaces(*query));
    expect(textOf(*again) == printed);
}

void complete(std::string_view text) {
    for (std::size_t cursor = 0; cursor <= std::min<std::size_t>(text.size() + 1, 200); ++cursor) {
        for (const LedgerCompletion& one : completeLedgerWords(text, cursor))
            expect(one.begin <= one.end && one.end <= text.size());
        if (const auto value = ledgerValueAt(text, cursor))
            expect(value->begin <= value->end && value->end <= text.size());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    read(text);
    complete(text.substr(0, 400));
    return 0;
}
