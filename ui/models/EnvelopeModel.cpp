#include "ui/models/EnvelopeModel.h"

#include "ui/models/LedgerRoles.h"
#include "ui/models/LedgerText.h"

namespace chancery::ui {

using usecase::EnvelopeNode;

struct EnvelopeModel::Item {
    const EnvelopeNode* node = nullptr;
    Item* parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Item>> children;  ///< empty until fetched
};

EnvelopeModel::EnvelopeModel(QObject* parent)
    : QAbstractItemModel(parent), m_root(std::make_unique<Item>()) {}

EnvelopeModel::~EnvelopeModel() = default;

void EnvelopeModel::setEnvelope(std::shared_ptr<const EnvelopeNode> root) {
    beginResetModel();
    m_root = std::make_unique<Item>();
    m_envelope = std::move(root);
    m_root->node = m_envelope.get();
    endResetModel();
}

EnvelopeModel::Item* EnvelopeModel::itemOf(const QModelIndex& index) const {
    return index.isValid() ? static_cast<Item*>(index.internalPointer()) : m_root.get();
}

QModelIndex EnvelopeModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, itemOf(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex EnvelopeModel::parent(const QModelIndex& index) const {
    if (!index.isValid()) return {};
    Item* parent = itemOf(index)->parent;
    if (!parent || parent == m_root.get()) return {};
    return createIndex(parent->row, 0, parent);
}

int EnvelopeModel::rowCount(const QModelIndex& parent) const {
    if (parent.column() > 0) return 0;
    return static_cast<int>(itemOf(parent)->children.size());
}

int EnvelopeModel::columnCount(const QModelIndex&) const {
    return ColumnCount;
}

bool EnvelopeModel::hasChildren(const QModelIndex& parent) const {
    if (parent.column() > 0) return false;
    const Item* item = itemOf(parent);
    return item->node && !item->node->parts.empty();
}

bool EnvelopeModel::canFetchMore(const QModelIndex& parent) const {
    return hasChildren(parent) && itemOf(parent)->children.empty();
}

void EnvelopeModel::fetchMore(const QModelIndex& parent) {
    if (!canFetchMore(parent)) return;
    Item* item = itemOf(parent);
    const auto& parts = item->node->parts;
    beginInsertRows(parent, 0, static_cast<int>(parts.size()) - 1);
    for (const EnvelopeNode& part : parts) {
        auto child = std::make_unique<Item>();
        child->node = &part;
        child->parent = item;
        child->row = static_cast<int>(item->children.size());
        item->children.push_back(std::move(child));
    }
    endInsertRows();
}

QVariant EnvelopeModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const EnvelopeNode& node = *itemOf(index)->node;
    switch (role) {
        case Qt::DisplayRole:
        case Qt::ToolTipRole:
            if (index.column() == Field) return LedgerText::plain(node.name, 200);
            if (index.column() == Value)
                return LedgerText::plain(node.value, role == Qt::DisplayRole ? 300 : 4096);
            if (index.column() == Type) return LedgerText::plain(node.type, 200);
            if (node.end <= node.begin) return {};
            return QStringLiteral("%1 – %2").arg(LedgerText::number(node.begin),
                                                 LedgerText::number(node.end));
        case FullTextRole:
            return LedgerText::plain(node.value);
        case MonoRole:
            return index.column() == Value || index.column() == Bytes;
        case QuietRole:
            return index.column() == Type || index.column() == Bytes;
        default:
            return {};
    }
}

QVariant EnvelopeModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Field:
            return tr("Field");
        case Value:
            return tr("Value");
        case Type:
            return tr("Type");
        case Bytes:
            return tr("Bytes");
        default:
            return {};
    }
}

}  // namespace chancery::ui
