#include "src/index/Filter.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/index/Names.h"
#include "src/index/Record.h"
#include "src/index/TransactionId.h"
#include "src/protocol/Envelope.h"
#include "src/protocol/ValidationCode.h"

namespace chancery::index {
namespace {

constexpr std::size_t kMaxIds = 50'000;  // of names that one condition may stand for
constexpr std::size_t kMinIdDigits = 4;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string blob(BytesView bytes) {
    return "X'" + toHex(bytes) + "'";
}

/// First text behind all that begin with this one; empty when there is none.
Bytes endOfPrefix(BytesView prefix) {
    Bytes end(prefix);
    while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff) end.pop_back();
    if (!end.empty()) ++end.back();
    return end;
}

/// A text with or without "*" at its end.
class Pattern {
public:
    explicit Pattern(std::string_view text) : m_text(text), m_open(text.ends_with('*')) {
        if (m_open) m_text.remove_suffix(1);
        m_lower = lower(m_text);
    }
    std::string_view text() const { return m_text; }
    bool open() const { return m_open; }
    bool matches(std::string_view candidate) const {
        const std::string folded = lower(candidate);
        return m_open ? std::string_view(folded).starts_with(m_lower) : folded == m_lower;
    }
    bool isPartOf(std::string_view candidate) const {
        return lower(candidate).find(m_lower) != std::string::npos;
    }

private:
    std::string_view m_text;
    bool m_open;
    std::string m_lower;
};

std::string list(const std::vector<std::int64_t>& ids) {
    return fmt::format("({})", fmt::join(ids, ","));
}

std::string compare(std::string_view column, const Condition& it) {
    switch (it.comparison) {
        case Comparison::Is:
            return fmt::format("{} BETWEEN {} AND {}", column, it.number, it.last);
        case Comparison::Less:
            return fmt::format("{} < {}", column, it.number);
        case Comparison::LessOrEqual:
            return fmt::format("{} <= {}", column, it.last);
        case Comparison::Greater:
            return fmt::format("{} > {}", column, it.last);
        case Comparison::GreaterOrEqual:
            break;
    }
    return fmt::format("{} >= {}", column, it.number);
}

/// Places of everything that was done with some keys; `keys` is a query for their ids.
std::string placesOf(std::string_view keys) {
    return fmt::format(
        "SELECT place FROM versions WHERE key IN ({0}) UNION ALL "
        "SELECT place FROM touches WHERE key IN ({0})",
        keys);
}

std::string keysNamed(const Pattern& pattern, bool withPrivate) {
    constexpr std::string_view kPublic = "SELECT id FROM spaces WHERE collection = X''";
    constexpr std::string_view kPrivate = "SELECT id FROM spaces WHERE collection <> X''";
    if (!pattern.open()) {
        std::string keys = fmt::format("SELECT id FROM keys WHERE space IN ({}) AND key = {}",
                                       kPublic, blob(pattern.text()));
        if (withPrivate)
            keys += fmt::format(" UNION ALL SELECT id FROM keys WHERE space IN ({}) AND key = {}",
                                kPrivate, blob(crypto::sha256(pattern.text())));
        return keys;
    }
    const Bytes end = endOfPrefix(pattern.text());
    return fmt::format("SELECT id FROM keys WHERE space IN ({}) AND key >= {}{}", kPublic,
                       blob(pattern.text()),
                       end.empty() ? "" : fmt::format(" AND key < {}", blob(end)));
}

std::string literalOf(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'') out.push_back('\'');
        out.push_back(c);
    }
    return out + "'";
}

/// Ids of the public keys that contain a text somewhere; empty when it is too short to look for.
std::string keysContaining(std::string_view text) {
    // Characters, not bytes, for that is what the words were cut by.
    const std::string folded = lower(wordsOf(text));
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < folded.size(); ++i)
        if ((static_cast<unsigned char>(folded[i]) & 0xc0) != 0x80) starts.push_back(i);
    starts.push_back(folded.size());
    if (starts.size() < 4) return {};
    std::string match;
    for (std::size_t i = 0; i + 3 < starts.size(); ++i) {
        std::string part;
        for (const char c : std::string_view(folded).substr(starts[i], starts[i + 3] - starts[i]))
            part.append(c == '"' ? 2 : 1, c);
        match += fmt::format("{}\"{}\"", i == 0 ? "" : " AND ", part);
    }
    return fmt::format(
        "SELECT k.id FROM words w JOIN keys k ON k.id = w.rowid / {0} WHERE w.words MATCH {1} AND "
        "w.rowid % {0} = {2} AND instr(lower(CAST(k.key AS TEXT)), {3}) > 0",
        kWordKinds, literalOf(match), kKeyWord, literalOf(folded));
}

class Compiler {
public:
    Compiler(bool forTransactions, bool byPlace, store::Connection& connection)
        : m_forTransactions(forTransactions), m_byPlace(byPlace), m_connection(connection) {}

    Result<std::string> condition(const Condition& it) {
        ASSIGN_OR_RETURN(std::string sql, positive(it));
        return it.negated ? fmt::format("NOT ({})", sql) : sql;
    }

    bool aboutTransactions = false;
    bool needsBlocks = false;

private:
    Result<std::string> positive(const Condition& it) {
        const Pattern pattern(it.text);
        switch (it.field) {
            case Field::Block:
                return block(it);
            case Field::Time:
                return time(it);
            case Field::Size:
                needsBlocks = true;
                return compare("b.size", it);
            case Field::Transactions:
                needsBlocks = true;
                return compare("b.transactions", it);
            default:
                aboutTransactions = true;
        }
        switch (it.field) {
            case Field::TxId:
                return txId(pattern);
            case Field::Key:
                return fmt::format("t.place IN ({})", placesOf(keysNamed(pattern, true)));
            case Field::Contract:
                return named("t.contract", NameKind::Contract, pattern, false);
            case Field::Function:
                return named("t.function", NameKind::Function, pattern, false);
            case Field::Event:
                return named("t.event", NameKind::Event, pattern, false);
            case Field::Creator:
                return creators([&](const Person& person) {
                    return pattern.matches(person.commonName) || isFingerprint(person, pattern);
                });
            case Field::Org:
                return creators([&](const Person& person) { return pattern.matches(person.msp); });
            case Field::Endorser:
                return endorsers(pattern);
            case Field::Result:
                return result(it.text);
            case Field::Code:
                return compare("t.code", it) + " AND t.code IS NOT NULL";
            case Field::Type:
                return type(it.text);
            default:
                return any(it.text);
        }
    }

    std::string block(const Condition& it) {
        if (!m_byPlace) {
            needsBlocks = true;
            return compare("b.number", it);
        }
        // As a range of places, which the table is sorted by.
        const auto first = static_cast<BlockNumber>(std::max<std::int64_t>(it.number, 0));
        const auto last = static_cast<BlockNumber>(std::max<std::int64_t>(it.last, 0));
        switch (it.comparison) {
            case Comparison::Is:
                return fmt::format("(t.place >= {} AND t.place < {})", beginOf(first),
                                   beginOf(last + 1));
            case Comparison::Less:
                return fmt::format("t.place < {}", beginOf(first));
            case Comparison::LessOrEqual:
                return fmt::format("t.place < {}", beginOf(last + 1));
            case Comparison::Greater:
                return fmt::format("t.place >= {}", beginOf(last + 1));
            case Comparison::GreaterOrEqual:
                break;
        }
        return fmt::format("t.place >= {}", beginOf(first));
    }

    std::string time(const Condition& it) {
        const std::string_view column = m_forTransactions ? "t.time" : "b.time";
        needsBlocks |= !m_forTransactions;
        return fmt::format("ifnull({}, 0)", compare(column, it));
    }

    static std::string txId(const Pattern& pattern) {
        const std::string text = lower(pattern.text());
        const auto range = TransactionId::range(text);
        if (!range || text.size() < kMinIdDigits) {
            const TransactionId odd(pattern.text());
            return fmt::format("(t.id_key = {} AND t.id = {})", odd.key, blob(odd.stored));
        }
        std::string sql = fmt::format("t.id_key BETWEEN {} AND {}", range->first, range->second);
        if (text.size() > 14) sql += fmt::format(" AND lower(hex(t.id)) LIKE '{}%'", text);
        return "(" + sql + ")";
    }

    Result<std::string> named(std::string_view column, NameKind kind, const Pattern& pattern,
                              bool partly) {
        ASSIGN_OR_RETURN(auto statement,
                         m_connection.prepare("SELECT id, name FROM names WHERE kind = ?"));
        statement.bind(static_cast<int>(kind));
        std::vector<std::int64_t> ids;
        RETURN_IF_ERROR(statement.each([&](store::Row& row) {
            const BytesView name = row.blob(1);
            const bool hit = partly ? pattern.isPartOf(name) : pattern.matches(name);
            if (hit && ids.size() < kMaxIds) ids.push_back(row.integer(0));
        }));
        if (ids.empty()) return std::string("0");
        return fmt::format("ifnull({} IN {}, 0)", column, list(ids));
    }

    struct Person {
        std::string msp, commonName, fingerprint;
    };
    static bool isFingerprint(const Person& person, const Pattern& pattern) {
        return pattern.text().size() >= 8 && person.fingerprint.starts_with(lower(pattern.text()));
    }

    template <class Test>
    Result<std::vector<std::int64_t>> people(const Test& test) {
        ASSIGN_OR_RETURN(
            auto statement,
            m_connection.prepare("SELECT id, msp, common_name, fingerprint FROM identities"));
        std::vector<std::int64_t> ids;
        RETURN_IF_ERROR(statement.each([&](store::Row& row) {
            const Person person{std::string(row.blob(1)), std::string(row.blob(2)),
                                std::string(row.blob(3))};
            if (test(person) && ids.size() < kMaxIds) ids.push_back(row.integer(0));
        }));
        return ids;
    }

    template <class Test>
    Result<std::string> creators(const Test& test) {
        ASSIGN_OR_RETURN(const auto ids, people(test));
        if (ids.empty()) return std::string("0");
        return fmt::format("ifnull(t.creator IN {}, 0)", list(ids));
    }

    Result<std::string> endorsers(const Pattern& pattern) {
        ASSIGN_OR_RETURN(const auto ids, people([&](const Person& person) {
                             return pattern.matches(person.msp) ||
                                    pattern.matches(person.commonName) ||
                                    isFingerprint(person, pattern);
                         }));
        std::vector<std::int64_t> sets;
        ASSIGN_OR_RETURN(auto statement,
                         m_connection.prepare("SELECT id, members FROM endorser_sets"));
        RETURN_IF_ERROR(statement.each([&](store::Row& row) {
            const auto members = decodeIds(row.blob(1));
            const bool hit = std::any_of(members.begin(), members.end(), [&](std::int64_t id) {
                return std::binary_search(ids.begin(), ids.end(), id);
            });
            if (hit && sets.size() < kMaxIds) sets.push_back(row.integer(0));
        }));
        if (sets.empty()) return std::string("0");
        return fmt::format("ifnull(t.endorsers IN {}, 0)", list(sets));
    }

    static std::string result(const std::string& text) {
        const std::string word = lower(text);
        if (word == "valid") return "t.code IS 0";
        if (word == "invalid") return "ifnull(t.code <> 0, 0)";
        if (word == "unjudged") return "t.code IS NULL";
        return "0";
    }

    static std::string type(const std::string& text) {
        const std::string word = lower(text);
        int type = -1;
        if (word == "config" || word == "config_update" || word == "configupdate")
            type = word == "config" ? 1 : 2;
        else if (word == "endorser" || word == "endorser_transaction")
            type = 3;
        else
            std::from_chars(word.data(), word.data() + word.size(), type);
        return fmt::format("t.type IS {}", type);
    }

    Result<std::string> any(const std::string& text) {
        const Pattern pattern(text);
        if (pattern.text().empty()) return std::string("1");
        std::vector<std::string> parts;    // queries for places
        std::vector<std::string> columns;  // conditions of a row
        BlockNumber number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size() && number <= kMaxBlock)
            parts.push_back(
                fmt::format("SELECT place FROM transactions WHERE place >= {} AND place < {}",
                            beginOf(number), beginOf(number + 1)));
        const std::string digits = lower(pattern.text());
        if (const auto range = TransactionId::range(digits);
            range && digits.size() >= kMinIdDigits) {
            std::string ids =
                fmt::format("SELECT place FROM transactions WHERE id_key BETWEEN {} AND {}",
                            range->first, range->second);
            if (digits.size() > 14) ids += fmt::format(" AND lower(hex(id)) LIKE '{}%'", digits);
            parts.push_back(std::move(ids));
        }
        const std::string containing = keysContaining(pattern.text());
        parts.push_back(placesOf(containing.empty() ? keysNamed(pattern, true) : containing));
        if (!containing.empty())
            parts.push_back(placesOf(keysNamed(Pattern(pattern.text()), true)));
        for (const auto& [column, kind] :
             {std::pair("t.contract", NameKind::Contract),
              std::pair("t.function", NameKind::Function), std::pair("t.event", NameKind::Event)}) {
            ASSIGN_OR_RETURN(std::string sql, named(column, kind, pattern, true));
            if (sql != "0") columns.push_back(std::move(sql));
        }
        ASSIGN_OR_RETURN(std::string sql, creators([&](const Person& person) {
                             return pattern.isPartOf(person.commonName) ||
                                    pattern.isPartOf(person.msp) || isFingerprint(person, pattern);
                         }));
        if (sql != "0") columns.push_back(std::move(sql));
        std::string out = fmt::format("t.place IN ({})", fmt::join(parts, " UNION ALL "));
        for (const std::string& column : columns) out += " OR " + column;
        return "(" + out + ")";
    }

    bool m_forTransactions;
    bool m_byPlace;
    store::Connection& m_connection;
};

bool isAboutBlocks(Field field) {
    return field == Field::Block || field == Field::Time || field == Field::Size ||
           field == Field::Transactions;
}

}  // namespace

std::string Filter::cacheKey() const {
    std::string key;
    for (const Condition& it : conditions)
        key += fmt::format("{} {} {} {} {} {}:{}\n", static_cast<int>(it.field),
                           static_cast<int>(it.comparison), it.negated, it.number, it.last,
                           it.text.size(), it.text);
    return key;
}

Result<CompiledFilter> compile(const Filter& filter, bool forTransactions,
                               store::Connection& connection) {
    const bool byPlace = forTransactions ||
                         std::any_of(filter.conditions.begin(), filter.conditions.end(),
                                     [](const Condition& it) { return !isAboutBlocks(it.field); });
    Compiler compiler(forTransactions, byPlace, connection);
    CompiledFilter compiled;
    for (const Condition& condition : filter.conditions) {
        ASSIGN_OR_RETURN(const std::string sql, compiler.condition(condition));
        compiled.where += fmt::format("{}({})", compiled.where.empty() ? "" : " AND ", sql);
    }
    if (compiled.where.empty()) compiled.where = "1";
    compiled.aboutTransactions = compiler.aboutTransactions;
    compiled.needsBlocks = compiler.needsBlocks;
    return compiled;
}

}  // namespace chancery::index
