#include "ui/models/PaletteModel.h"

#include <algorithm>

#include "ui/models/CommandRegistry.h"

namespace chancery::ui {
namespace {

constexpr size_t kMaxPerGroup = 40;
constexpr int kBlockedPenalty = 40;
using Group = PaletteEntry::Group;
constexpr Group kGroups[] = {Group::Do, Group::GoTo, Group::Search};

}  // namespace

PaletteModel::PaletteModel(const CommandRegistry& commands, QObject* parent)
    : QAbstractListModel(parent), m_commands(commands) {}

void PaletteModel::setObjects(const QString& name, std::vector<PaletteEntry> entries) {
    std::vector<Candidate> candidates;
    candidates.reserve(entries.size());
    for (PaletteEntry& entry : entries) {
        QString text = folded(entry.title);
        candidates.push_back({std::move(entry), std::move(text)});
    }
    m_objects[name] = std::move(candidates);
}

void PaletteModel::addProvider(PaletteProvider* provider) {
    m_providers.append(provider);
    connect(provider, &PaletteProvider::answered, this,
            [this, provider](quint64 serial, const std::vector<PaletteEntry>& entries, bool done) {
                if (serial != m_serial) return;
                m_found[provider] = entries;
                if (done) m_pending = std::max(0, m_pending - 1);
                rebuild();
            });
}

PaletteQuery PaletteModel::parse(const QString& typed) {
    const QString text = typed.trimmed();
    const auto rest = [&] { return text.mid(1).trimmed(); };
    if (text.startsWith('>')) return {PaletteQuery::Scope::Commands, rest()};
    if (text.startsWith('#')) return {PaletteQuery::Scope::Ledger, rest()};
    if (text.startsWith('@')) return {PaletteQuery::Scope::Members, rest()};
    return {PaletteQuery::Scope::All, text};
}

void PaletteModel::setQuery(const QString& typed) {
    m_query = parse(typed);
    ++m_serial;
    m_found.clear();
    search();
    m_pending = 0;
    if (m_query.scope != PaletteQuery::Scope::Commands && !m_query.text.isEmpty())
        m_pending = static_cast<int>(m_providers.size());
    rebuild();
    if (m_pending == 0) return;
    for (const QPointer<PaletteProvider>& provider : std::as_const(m_providers))
        if (provider) provider->ask(m_serial, m_query);
}

std::vector<PaletteModel::Candidate> PaletteModel::commandCandidates() const {
    std::vector<Candidate> candidates;
    for (const Command& command : m_commands.commands()) {
        if (!command.page.isEmpty() && command.page != m_page) continue;
        PaletteEntry entry;
        entry.id = command.id;
        entry.icon = command.icon;
        entry.title = command.text;
        entry.keys = command.shortcut;
        entry.command = command.command;
        entry.run = command.run;
        if (command.blocked) entry.blocked = command.blocked();
        candidates.push_back({entry, folded(entry.title)});
    }
    return candidates;
}

std::vector<PaletteModel::Row> PaletteModel::best(std::vector<Scored> scored) const {
    const size_t count = std::min(scored.size(), kMaxPerGroup);
    std::partial_sort(scored.begin(), scored.begin() + static_cast<ptrdiff_t>(count), scored.end(),
                      [](const Scored& a, const Scored& b) {
                          if (a.score != b.score) return a.score > b.score;
                          return a.entry < b.entry;  // in the order in which they were added
                      });
    std::vector<Row> rows;
    for (size_t i = 0; i < count; ++i)
        rows.push_back({false, scored[i].entry->group, false, *scored[i].entry, scored[i].ranges});
    return rows;
}

/// Nothing typed: what was run last, then what the page offers.
std::vector<PaletteModel::Row> PaletteModel::recentRows(
    const std::vector<Candidate>& commands) const {
    std::vector<Row> rows;
    const auto add = [&](const Candidate& candidate) {
        rows.push_back({false, Group::Do, false, candidate.entry, {}});
    };
    for (const QString& id : m_recent)
        for (const Candidate& candidate : commands)
            if (candidate.entry.id == id) add(candidate);
    for (const bool ofPage : {true, false}) {
        for (const Candidate& candidate : commands) {
            const Command* command = m_commands.find(candidate.entry.id);
            if (m_recent.contains(candidate.entry.id) || command == nullptr) continue;
            if (ofPage == !command->page.isEmpty()) add(candidate);
        }
    }
    return rows;
}

void PaletteModel::search() {
    m_local.clear();
    const bool commandsWanted =
        m_query.scope == PaletteQuery::Scope::All || m_query.scope == PaletteQuery::Scope::Commands;
    const std::vector<Candidate> commands =
        commandsWanted ? commandCandidates() : std::vector<Candidate>{};
    if (m_query.text.isEmpty()) {
        m_local = recentRows(commands);
        if (m_query.scope != PaletteQuery::Scope::All) return;
        for (const auto& objects : std::as_const(m_objects))
            for (const Candidate& candidate : objects)
                m_local.push_back({false, candidate.entry.group, false, candidate.entry, {}});
        return;
    }
    const QString query = folded(m_query.text);
    std::vector<Scored> byGroup[std::size(kGroups)];
    const auto score = [&](const Candidate& candidate) {
        auto match = fuzzyMatch(candidate.folded, query);
        if (!match) return;
        if (!candidate.entry.blocked.isEmpty()) match->score -= kBlockedPenalty;
        byGroup[static_cast<size_t>(candidate.entry.group)].push_back(
            {match->score, &candidate.entry, match->ranges});
    };
    for (const Candidate& candidate : commands) score(candidate);
    if (m_query.scope == PaletteQuery::Scope::All)
        for (const auto& objects : std::as_const(m_objects))
            for (const Candidate& candidate : objects) score(candidate);
    for (std::vector<Scored>& scored : byGroup)
        for (Row& row : best(std::move(scored))) m_local.push_back(std::move(row));
}

void PaletteModel::rebuild() {
    beginResetModel();
    m_rows.clear();
    for (const Group group : kGroups) {
        const size_t heading = m_rows.size();
        const bool pending = group == Group::Search && m_pending > 0;
        m_rows.push_back({true, group, pending, {}, {}});
        for (const Row& row : m_local)
            if (row.group == group) m_rows.push_back(row);
        for (const auto& entries : std::as_const(m_found)) {
            for (const PaletteEntry& entry : entries) {
                if (entry.group != group) continue;
                const auto match = fuzzyMatch(folded(entry.title), folded(m_query.text));
                m_rows.push_back(
                    {false, group, false, entry, match ? match->ranges : QList<TextRange>()});
            }
        }
        if (m_rows.size() == heading + 1 && !pending) m_rows.pop_back();
    }
    endResetModel();
    Q_EMIT updated();
}

const PaletteEntry* PaletteModel::entry(int row) const {
    if (row < 0 || row >= rowCount() || m_rows[static_cast<size_t>(row)].heading) return nullptr;
    return &m_rows[static_cast<size_t>(row)].entry;
}

int PaletteModel::next(int row, int step) const {
    for (int at = row + step; at >= 0 && at < rowCount(); at += step)
        if (!m_rows[static_cast<size_t>(at)].heading) return at;
    return -1;
}

int PaletteModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QString PaletteModel::titleOf(Group group) {
    switch (group) {
        case Group::Do:
            return tr("Do");
        case Group::GoTo:
            return tr("Go to");
        case Group::Search:
            return tr("Search");
    }
    return {};
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<size_t>(index.row())];
    switch (role) {
        case Qt::DisplayRole:
            return row.heading ? titleOf(row.group) : row.entry.title;
        case Qt::AccessibleTextRole: {
            if (row.heading) return titleOf(row.group);
            QStringList parts{row.entry.title, row.entry.detail, row.entry.stateText,
                              row.entry.blocked};
            parts.removeAll(QString());
            return parts.join(QStringLiteral(", "));
        }
        case Qt::ToolTipRole:
            return row.heading ? QVariant() : QVariant(row.entry.title);
        case HeadingRole:
            return row.heading;
        case PendingRole:
            return row.pending;
        default:
            return {};
    }
}

Qt::ItemFlags PaletteModel::flags(const QModelIndex& index) const {
    if (!index.isValid() || m_rows[static_cast<size_t>(index.row())].heading) return {};
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

}  // namespace chancery::ui
