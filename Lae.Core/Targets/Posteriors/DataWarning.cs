namespace Lae.Targets;

/// <summary>Something about the data that does not stop a run, but that a person should know before believing its result.</summary>
/// <param name="Name">A stable name, such as <c>ConstantColumn</c>.</param>
/// <param name="Text">What was found and what it means, one sentence or two.</param>
/// <param name="Cure">What helps, one sentence.</param>
public sealed record DataWarning(string Name, string Text, string Cure)
{
    /// <summary>All of it in one line.</summary>
    /// <returns>Such as <c>ConstantColumn: "x" is 3 in every row. Leave it out.</c></returns>
    public override string ToString() => $"{Name}: {Text} {Cure}";
}
