namespace Lae.Tests.Laws.Table;

/// <summary>A bug that a law must see.</summary>
/// <param name="Name">The name that <c>[Rejects]</c> uses: the section of the list of laws, and the bug.</param>
internal sealed record PlantedBug(string Name);

/// <summary>The bugs of section 4 (planted), and those of section 5 (shipped by trusted systems) whose formula is known.</summary>
internal static class PlantedBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("§4 ULA noise sqrt(h)"),
        new("§4 ULA noise sqrt(2) h"),
        new("§4 ULA gradient doubled"),
        new("§4 ULA gradient x 1.05"),
        new("§4 ULA noise x 1.02"),
        new("§4 ULA one normal shared by all coordinates"),
        new("§4 no noise"),
        new("§4 BAOAB c = exp(−γh/2)"),
        new("§4 BAOAB c = 1 − γh"),
        new("§4 BAOAB noise sqrt(1 − c)"),
        new("§4 BAOAB noise sqrt(2γh)"),
        new("§4 BAOAB both kicks at the first gradient"),
        new("§4 BAOAB each drift a full h"),
        new("§4 BAOAB coded as ABOBA"),
        new("§4 BAOAB coded as BAOA"),
        new("§4 MALA no proposal ratio"),
        new("§4 MALA ratio sign flipped"),
        new("§4 MALA 1/(2h) for 1/(4h)"),
        new("§4 MALA reverse drift uses gradient at x"),
        new("§4 MALA always accept"),
        new("§5 BAOAB constant chain (SGMCMCJax)"),
        new("§5 BAOAB tau² for tau (SGMCMCJax)"),
        new("§5 BADODAB constant chain (SGMCMCJax)"),
        new("§5 BADODAB thermostat |v| for |v|² (SGMCMCJax)"),
        new("§5 cyclical schedule off by one (SGMCMCJax)"),
        new("§5 SGHMC drift first with fresh momentum (SGMCMCJax, blackjax)"),
        new("§5 SGHMC temperature ignored (blackjax)"),
        new("§5 SGHMC explicit order (posteriors, Turing)"),
        new("§5 SGLD injected variance at T ≠ 1 (posteriors)"),
        new("§5 HMC kinetic energy ignores the momentum's deviation (Math.NET)"),
        new("§5 dense matrix by another power (jax-sgmc)"),
        new("§5 noise scale errors (csgmcmc, edward, ibc, pybnn, jax-md)"),
    ];
}
