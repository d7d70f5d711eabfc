namespace Lae.Tests.Laws;

/// <summary>
/// Says which planted bugs a test rejects: from these attributes the second half of <c>docs/laws.md</c> is generated. A bug is named as in <c>Table/PlantedBugs.cs</c> (<c>§4 ULA noise sqrt(h)</c>); a name that is not
/// there fails <c>LawTableTests</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RejectsAttribute(params string[] bugs) : Attribute
{
    /// <summary>The bugs.</summary>
    public IReadOnlyList<string> Bugs { get; } = bugs;
}
