namespace Actors.Venue.Trading;

/// <summary>What the exchange does by itself. Snapshots name these by their numbers: members are added, never changed.</summary>
internal enum ExchangeTask
{
    /// <summary>Index and mark prices move.</summary>
    Prices = 1,

    /// <summary>The premium of each perpetual is sampled.</summary>
    FundingSample = 2,

    /// <summary>Funding is paid; the number is the instrument's place.</summary>
    FundingPayment = 3,

    /// <summary>The index of a contract that settles soon is sampled; the number is the instrument's place.</summary>
    SettlementSample = 4,

    /// <summary>A contract settles; the number is the instrument's place.</summary>
    Settlement = 5,

    /// <summary>A contract that settled is listed again; the number is the instrument's place.</summary>
    Relisting = 6,

    /// <summary>An instrument that trades in sessions opens or closes; the number is its place.</summary>
    Session = 7,

    /// <summary>The insurance fund is told.</summary>
    InsuranceReport = 8,

    /// <summary>A dead man's switch fires; the number is the account's.</summary>
    DeadMansSwitch = 9,

    /// <summary>An order of the day ends; the number is its sequence.</summary>
    DayEnd = 10,

    /// <summary>A background trader acts; the number is the trader's.</summary>
    Trader = 11,

    /// <summary>A recorded session goes on.</summary>
    RecordedFlow = 12,

    /// <summary>The throttled books are published.</summary>
    TopOfBook = 13,

    /// <summary>A minute's bins end.</summary>
    Bins = 14,
}

/// <summary>Something that is to be done at a moment: a name and a number, so that it can be written down.</summary>
internal readonly record struct ScheduledTask(ExchangeTask Task, long Number, DateTimeOffset Due);

/// <summary>
/// What the exchange does by itself at a given moment: earliest first, and in the order of asking when moments are equal.
/// </summary>
internal sealed class Schedule
{
    private readonly PriorityQueue<ScheduledTask, (DateTimeOffset Due, long Order)> _tasks = new();
    private long _order;

    /// <summary>When the next task is due; null when there is none.</summary>
    public DateTimeOffset? Next => _tasks.TryPeek(out var task, out _) ? task.Due : null;

    /// <summary>All that is still to be done, in the order in which it will be. Allocates.</summary>
    public IReadOnlyList<ScheduledTask> Waiting => [.. _tasks.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element)];

    public void Add(in ScheduledTask task) => _tasks.Enqueue(task, (task.Due, _order++));

    public void Clear() => _tasks.Clear();

    /// <summary>Takes the next task that is due at <paramref name="now"/>.</summary>
    public bool TryTake(DateTimeOffset now, out ScheduledTask task)
    {
        if (!_tasks.TryPeek(out task, out _) || task.Due > now) return false;
        _tasks.Dequeue();
        return true;
    }
}
