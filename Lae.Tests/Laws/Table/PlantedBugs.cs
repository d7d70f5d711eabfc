namespace Lae.Tests.Laws.Table;

/// <summary>A bug that a law must see.</summary>
/// <param name="Name">The name that <c>[Rejects]</c> uses: the section of the list of laws, and the bug.</param>
/// <param name="Kernel">The kernel that it is planted in.</param>
internal sealed record PlantedBug(string Name, string Kernel);

/// <summary>The bugs of section 4 (planted), and those of section 5 (shipped by trusted systems) whose formula is known.</summary>
internal static class PlantedBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("§4 ULA noise sqrt(h)", "ULA"),
        new("§4 ULA noise sqrt(2) h", "ULA"),
        new("§4 ULA gradient doubled", "ULA"),
        new("§4 ULA gradient x 1.05", "ULA"),
        new("§4 ULA noise x 1.02", "ULA"),
        new("§4 ULA one normal shared by all coordinates", "ULA"),
        new("§4 no noise", "ULA"),
        new("§4 BAOAB c = exp(−γh/2)", "BAOAB"),
        new("§4 BAOAB c = 1 − γh", "BAOAB"),
        new("§4 BAOAB noise sqrt(1 − c)", "BAOAB"),
        new("§4 BAOAB noise sqrt(2γh)", "BAOAB"),
        new("§4 BAOAB both kicks at the first gradient", "BAOAB"),
        new("§4 BAOAB each drift a full h", "BAOAB"),
        new("§4 BAOAB coded as ABOBA", "BAOAB"),
        new("§4 BAOAB coded as BAOA", "BAOAB"),
        new("§4 MALA no proposal ratio", "MALA"),
        new("§4 MALA ratio sign flipped", "MALA"),
        new("§4 MALA 1/(2h) for 1/(4h)", "MALA"),
        new("§4 MALA reverse drift uses gradient at x", "MALA"),
        new("§4 MALA always accept", "MALA"),
        new("§5 BAOAB constant chain (SGMCMCJax)", "BAOAB"),
        new("§5 BAOAB tau² for tau (SGMCMCJax)", "BAOAB"),
        new("§5 BADODAB constant chain (SGMCMCJax)", "BADODAB"),
        new("§5 BADODAB thermostat |v| for |v|² (SGMCMCJax)", "BADODAB"),
        new("§5 cyclical schedule off by one (SGMCMCJax)", "SGLD"),
        new("§5 SGHMC drift first with fresh momentum (SGMCMCJax, blackjax)", "SGHMC"),
        new("§5 SGHMC temperature ignored (blackjax)", "SGHMC"),
        new("§5 SGHMC explicit order (posteriors, Turing)", "SGHMC"),
        new("§5 SGLD injected variance at T ≠ 1 (posteriors)", "SGLD"),
        new("§5 HMC kinetic energy ignores the momentum's deviation (Math.NET)", "HMC"),
        new("§5 dense matrix by another power (jax-sgmc)", "ULA"),
        new("§5 noise scale errors (csgmcmc, edward, ibc, pybnn, jax-md)", "ULA"),
    ];
}
