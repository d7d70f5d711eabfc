namespace Lae.Formats.Zarr;

/// <summary>Variables that grow together, such as <c>posterior</c> or <c>sample_stats</c>. Immutable.</summary>
public sealed class InferenceGroup
{
    /// <summary>Makes a group.</summary>
    /// <param name="name">One of ArviZ's names.</param>
    /// <param name="variables">At least one; names differ, and an axis of one name has one length and one list of labels.</param>
    /// <exception cref="ArgumentException">A name is not one or comes twice, or two axes of one name differ.</exception>
    public InferenceGroup(string name, IReadOnlyList<InferenceVariable> variables)
    {
        InferenceName.Check(name, nameof(name));
        Name = name;
        Variables = [.. variables];
        Dimensions = InferenceLayout.Shared(name, variables.Select(one => one.Name), variables.SelectMany(one => one.Dimensions));
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The variables, in order.</summary>
    public IReadOnlyList<InferenceVariable> Variables { get; }

    /// <summary>Every axis once.</summary>
    internal IReadOnlyList<InferenceDimension> Dimensions { get; }
}
